using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;

namespace ExplainService.Methods.Saliency;

/// <summary>Runs a saliency method for everything that a request explains: one target, every class, or every generated token.</summary>
internal static class OutputAttributions
{
    /// <summary>
    /// Outputs that are worked on together: their rows share batches, yet a long generation does not hold the embeddings and sums of all
    /// its tokens at once.
    /// </summary>
    private const int AtOnce = 16;

    /// <summary>The scores of each output; the sum over generated tokens is not differentiated again but added up.</summary>
    public static async Task<IReadOnlyList<TokenScores>> AllAsync(
        ExplanationContext context,
        ISaliencyAlgorithm algorithm,
        SaliencyRequest request,
        IReadOnlyList<IReadOnlyList<int>> units,
        PointCounter points,
        CancellationToken cancellationToken
    )
    {
        if (context.Input.Picture is { } seen)
        {
            units = [.. units.Select(unit => unit.SelectMany(seen.PartsOf).ToArray())];
        }

        var outputs = context.Target.Generation?.Ids.Length ?? context.Target.Function.Outputs.Count;
        var scores = new TokenScores[outputs];
        var work = context.Work.Expecting(outputs * algorithm.Points(request) * context.Target.Windows.Count);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel
            .ForAsync(
                0,
                outputs,
                parallel,
                async (output, stop) =>
                    scores[output] = OverUnits(
                        context.Input.Picture,
                        await algorithm
                            .AttributeAsync(
                                SaliencyInput.Of(context, output, units, algorithm.Propagation) with
                                {
                                    Work = work,
                                    Points = points,
                                },
                                request,
                                context.Model.Tokenizer,
                                stop
                            )
                            .ConfigureAwait(false)
                    )
            )
            .ConfigureAwait(false);
        return context.Target.MainOutput < outputs
            ? scores
            : [.. scores, Sum([.. context.Target.Generation!.Explained.Select(token => scores[token])], context.Input.Tokens.Count)];
    }

    /// <summary>Of a picture pixels have been scored: their sums over the units, and what they are sums of.</summary>
    private static TokenScores OverUnits(PreparedPicture? picture, TokenScores scores) =>
        picture is null ? scores : scores with { Tokens = picture.PerToken(scores.Tokens), Pixels = picture.Pixels(scores.Tokens) };

    /// <summary>The generated tokens with scores over the text and over those before them; null where nothing is generated.</summary>
    public static IReadOnlyList<GeneratedToken>? Generated(ExplanationContext context, IReadOnlyList<TokenScores> outputs)
    {
        if (context.Target.Generation is not { } generation)
        {
            return null;
        }

        var text = context.Input.Tokens.Count;
        return
        [
            .. generation.Tokens.Select(
                (token, index) =>
                    token with
                    {
                        Scores = outputs[index].Tokens[..text],
                        GeneratedScores = outputs[index].Decoder.Length > 0 ? outputs[index].Decoder[1..] : outputs[index].Tokens[text..],
                        CompletenessError = outputs[index].CompletenessError,
                    }
            ),
        ];
    }

    /// <summary>
    /// Over the text's tokens. The completeness error is the largest of the tokens' own: what tolerances are about. Draws of different
    /// tokens may go together, so that the standard error is at most the sum of theirs.
    /// </summary>
    private static TokenScores Sum(TokenScores[] scores, int tokens)
    {
        var sum = new double[tokens];
        foreach (var one in scores)
        {
            System.Numerics.Tensors.TensorPrimitives.Add<double>(sum, one.Tokens.AsSpan(0, tokens), sum);
        }

        var errors = scores.All(one => one.StandardErrors is not null)
            ? scores.Select(one => one.StandardErrors!).Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)])
            : null;
        return new TokenScores(sum, [])
        {
            CompletenessError = scores.Max(one => one.CompletenessError),
            StandardErrors = errors,
            Steps = scores.Max(one => one.Steps),
            Draws = scores.Min(one => one.Draws),
            Frozen = scores[0].Frozen,
        };
    }
}
