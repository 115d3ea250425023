using ExplainService.Methods.Contracts;
using ExplainService.Methods.Numerics;
using ExplainService.Methods.Saliency;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;

namespace ExplainService.Methods.Inside;

/// <summary>What the residual stream contributes to f at each token behind each layer.</summary>
internal static class LayerGradients
{
    /// <summary>Steps of the path where the request does not say.</summary>
    public const int DefaultSteps = 50;

    /// <summary>Σ_d h ⊙ ∂f/∂h at the text itself, by the rules of calculus or of relevance.</summary>
    public static async Task<(IReadOnlyList<LayerAnswer> Layers, FrozenCounts? Frozen)> AtTextAsync(
        ExplanationContext context,
        Propagation propagation,
        CancellationToken cancellationToken
    )
    {
        var result = await InsideGradient.OfAsync(context, propagation, GradientOutputs.Layers, cancellationToken).ConfigureAwait(false);
        var layers = result.Inside!.LayerScores;
        return (
            [
                .. layers.Select(
                    (scores, layer) => Answer(layer, [.. scores.Take(context.Input.Tokens.Count).Select(score => (double)score)])
                ),
            ],
            result.Frozen
        );
    }

    /// <summary>
    /// Conductance (Dhamdhere et al. 2018): Σ_d ∫ ∂f/∂h_d dh_d along the straight path of the embeddings from the baseline to the text. As
    /// Captum sums it: between two points of the quadrature the step that h makes, times the gradient where it begins.
    /// </summary>
    public static async Task<IReadOnlyList<LayerAnswer>> ConductanceAsync(
        LayersRequest request,
        ExplanationContext context,
        CancellationToken cancellationToken
    )
    {
        InsideGradient.RequireOneProduct(context);
        var asked = new SaliencyRequest { Text = request.Text, Baseline = request.Baseline ?? new BaselineRequest(BaselineKind.Pad) };
        BaselinePoint.Warn(context.Model, asked, context.Input.Tokens.Tokens.Count(token => !token.Special), context.Warnings);
        var input = SaliencyInput.Of(context, context.Target.MainOutput, [], Propagation.Gradient);
        var (spec, steps) = (input.Spec with { Outputs = GradientOutputs.LayerStates }, request.Steps ?? DefaultSteps);
        var nodes = Quadrature.GaussLegendre(steps + 1).Nodes;
        var text = input.Embed();
        var baseline = BaselinePoint.Embed(input, asked, context.Model.Tokenizer);
        var points = nodes.Select(node => input.At(Embeddings.Between(baseline, text, node)));
        var tokens = context.Input.Tokens.Count;
        double[][]? sums = null;
        InsideGradients? before = null;
        await foreach (var result in context.Runner.GradientAsync(points, spec, context.Work, cancellationToken).ConfigureAwait(false))
        {
            var now = Finite.Gradient(result).Inside!;
            sums ??= [.. now.States.Select(_ => new double[tokens])];
            for (var layer = 0; layer < sums.Length && before is not null; layer++)
            {
                Add(sums[layer], before.StateGradients[layer], before.States[layer], now.States[layer], input.Row.Ids.Length);
            }

            before = now;
        }

        return [.. sums!.Select((scores, layer) => Answer(layer, scores)).Skip(1)];
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

    private static LayerAnswer Answer(int layer, double[] scores) => new() { Layer = layer, Scores = scores };
}
