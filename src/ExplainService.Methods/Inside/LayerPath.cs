using ExplainService.Methods.Contracts;
using ExplainService.Methods.Numerics;
using ExplainService.Methods.Saliency;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;

namespace ExplainService.Methods.Inside;

/// <summary>What layers contribute along the straight path of the embeddings from a baseline to the text.</summary>
internal static class LayerPath
{
    /// <summary>Steps of conductance where the request does not say.</summary>
    public const int DefaultSteps = 50;

    /// <summary>f at both ends of the path.</summary>
    private const int Ends = 2;

    /// <summary>Gradients that a request may take.</summary>
    public static long Points(LayersRequest request) =>
        request.Method == LayerMethod.Conductance ? Rounds(request).Sum(steps => steps + 1L) + Ends : (request.Steps ?? 1) + 1;

    /// <summary>
    /// Conductance (Dhamdhere et al. 2018): Σ_d ∫ ∂f/∂h_d dh_d. As Captum sums it: between two points of the quadrature the step that h
    /// makes, times the gradient where it begins. Under a tolerance steps are doubled until every layer adds up.
    /// </summary>
    public static async Task<LayerScores> ConductanceAsync(
        LayersRequest request,
        ExplanationContext context,
        CancellationToken cancellationToken
    )
    {
        var path = Path.Of(
            request,
            request.Baseline ?? new BaselineRequest(context.Input.Picture is null ? BaselineKind.Pad : BaselineKind.Zero),
            Propagation.Gradient,
            context
        );
        var change = 0.0;
        await foreach (var end in path.RunAsync([0, 1], cancellationToken).ConfigureAwait(false))
        {
            change = end.Score - change;
        }

        (double[][] Scores, int Steps, double Error)? best = null;
        foreach (var steps in Rounds(request))
        {
            var scores = await ConductanceAsync(path, QuadraturePoints.Of(request.Quadrature, steps + 1), cancellationToken)
                .ConfigureAwait(false);
            best = (scores, steps, scores.Skip(1).Max(layer => Math.Abs(layer.Sum() - change)));
            if (best.Value.Error <= request.Tolerance)
            {
                break;
            }
        }

        var (layers, used, error) = best!.Value;
        if (error > request.Tolerance)
        {
            context.Warnings.Add(
                new Warning(
                    WarningCode.ToleranceNotReached,
                    FormattableString.Invariant(
                        $"The completeness error {error:g3} is above the tolerance of {request.Tolerance:g3} after {used} steps."
                    )
                )
            );
        }

        return new LayerScores([.. layers.Select((scores, layer) => LayerGradients.Answer(layer, scores)).Skip(1)])
        {
            Steps = used,
            CompletenessError = error,
        };
    }

    /// <summary>Σ_d h ⊙ g̃ with h of the text and g̃ averaged over points of the path, as <c>/saliency</c> averages it.</summary>
    public static async Task<LayerScores> RelevanceAsync(
        LayersRequest request,
        ExplanationContext context,
        Propagation propagation,
        CancellationToken cancellationToken
    )
    {
        var path = Path.Of(request, request.Baseline, propagation, context);
        var rule = QuadraturePoints.Of(request.Quadrature, request.Steps!.Value);
        float[][]? text = null;
        double[][]? mean = null;
        FrozenCounts? frozen = null;
        var point = 0;
        await foreach (var result in path.RunAsync([1, .. rule.Nodes], cancellationToken).ConfigureAwait(false))
        {
            var inside = result.Inside!;
            if (text is null)
            {
                text = [.. inside.States];
                mean = [.. text.Select(state => new double[state.Length])];
                frozen = result.Frozen;
                continue;
            }

            for (var layer = 0; layer < text.Length; layer++)
            {
                GradientMath.Accumulate(mean![layer], inside.StateGradients[layer], rule.Weights[point]);
            }

            point++;
        }

        return new LayerScores([
            .. text!.Select(
                (state, layer) =>
                    LayerGradients.Answer(layer, GradientMath.Attributions(state, mean![layer], path.RowTokens)[..path.Tokens])
            ),
        ])
        {
            Frozen = frozen,
            Steps = point,
        };
    }

    private static async Task<double[][]> ConductanceAsync(Path path, Quadrature rule, CancellationToken cancellationToken)
    {
        double[][]? sums = null;
        InsideGradients? before = null;
        await foreach (var result in path.RunAsync(rule.Nodes, cancellationToken).ConfigureAwait(false))
        {
            var now = result.Inside!;
            sums ??= [.. now.States.Select(_ => new double[path.Tokens])];
            for (var layer = 0; layer < sums.Length && before is not null; layer++)
            {
                Add(sums[layer], before.StateGradients[layer], before.States[layer], now.States[layer], path.RowTokens);
            }

            before = now;
        }

        return sums!;
    }

    private static void Add(double[] sums, float[] gradient, float[] from, float[] to, int rowTokens)
    {
        var size = to.Length / rowTokens;
        for (var token = 0; token < sums.Length; token++)
        {
            for (var i = token * size; i < (token + 1) * size; i++)
            {
                sums[token] += gradient[i] * ((double)to[i] - from[i]);
            }
        }
    }

    private static IEnumerable<int> Rounds(LayersRequest request)
    {
        var steps = request.Steps ?? DefaultSteps;
        if (request.Tolerance is null)
        {
            return [steps];
        }

        var most = request.MaxSteps ?? Math.Max(IntegratedGradients.DefaultMaxSteps, steps);
        return Doubled(Math.Min(steps, most), most);
    }

    private static IEnumerable<int> Doubled(int first, int most)
    {
        var last = 0;
        for (var steps = first; steps <= most; steps *= 2)
        {
            yield return last = steps;
        }

        if (last < most)
        {
            yield return most;
        }
    }

    /// <summary>The path and the gradients on it, with the residual stream behind every layer.</summary>
    private sealed record Path(ExplanationContext Context, SaliencyInput Input, Embeddings Baseline, Embeddings Text)
    {
        /// <summary>Tokens of the text as the answer lists them.</summary>
        public int Tokens => Context.Input.Tokens.Count;

        /// <summary>Tokens of the row, those of a continuation among them.</summary>
        public int RowTokens => Input.Row.Ids.Length;

        public static Path Of(LayersRequest request, BaselineRequest? baseline, Propagation propagation, ExplanationContext context)
        {
            InsideGradient.RequireOneProduct(context);
            var asked = new SaliencyRequest { Text = request.Text, Baseline = baseline };
            BaselinePoint.Warn(context.Model, asked, context.Input.Tokens.Tokens.Count(token => !token.Special), context.Warnings);
            var input = SaliencyInput.Of(context, context.Target.MainOutput, [], propagation);
            return new Path(context, input, BaselinePoint.Embed(input, asked, context.Model.Tokenizer), input.Embed());
        }

        public IAsyncEnumerable<GradientResult> RunAsync(IEnumerable<double> nodes, CancellationToken cancellationToken) =>
            Context
                .Runner.GradientAsync(
                    nodes.Select(node => Input.At(Embeddings.Between(Baseline, Text, node))),
                    Input.Spec with
                    {
                        Outputs = GradientOutputs.LayerStates,
                    },
                    Context.Work,
                    cancellationToken
                )
                .Select(Finite.Gradient);
    }
}
