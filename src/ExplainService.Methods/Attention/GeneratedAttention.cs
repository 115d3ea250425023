using ExplainService.Methods.Contracts;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;

namespace ExplainService.Methods.Attention;

/// <summary>
/// What each generated token attends to when it is predicted: its row of a causal model's self-attention; of a seq2seq model's
/// cross-attention for the text, and of its decoder's for the tokens said before. The decoder's start token has no score.
/// </summary>
internal static class GeneratedAttention
{
    /// <summary>The tokens with their rows of a causal model's matrix [n × n]; null where nothing is generated.</summary>
    public static IReadOnlyList<GeneratedToken>? OfSelf(ExplanationContext context, double[] matrix, int n)
    {
        if (context.Resolved?.Generation is not { } generation)
        {
            return null;
        }

        var text = context.Input.Tokens.Count;
        var reads = context.Window.Row.OutputPositions;
        return generation.WithScores(
            [.. reads.Select(read => matrix.AsSpan(read * n, text).ToArray())],
            [.. reads.Select((read, earlier) => matrix.AsSpan((read * n) + text, earlier).ToArray())]
        );
    }

    /// <summary>The tokens of a seq2seq model, from the mean (or the largest) of its layers and heads.</summary>
    /// <param name="context">The request.</param>
    /// <param name="generation">The tokens.</param>
    /// <param name="known">Maps that the request asked for, of the layers and heads that it chose; the other kinds are read whole.</param>
    /// <param name="largest">The largest rather than the mean.</param>
    /// <param name="cancellationToken">Drops rows that have not run.</param>
    public static async Task<IReadOnlyList<GeneratedToken>> OfSeq2SeqAsync(
        ExplanationContext context,
        GeneratedTarget generation,
        (AttentionKind Kind, AttentionMaps Maps, IReadOnlyList<int> Layers, IReadOnlyList<int> Heads) known,
        bool largest,
        CancellationToken cancellationToken
    )
    {
        async Task<double[]?> CombinedAsync(AttentionKind kind)
        {
            if (!context.Model.Description.AttentionLayers.TryGetValue(kind, out var layers))
            {
                return null;
            }

            if (kind == known.Kind)
            {
                return HeadReduction.Reduce(known.Maps, known.Layers, known.Heads, largest);
            }

            var maps = await context
                .Runner.TapAsync([context.Window.Row], new AttentionTap(kind), context.Work, cancellationToken)
                .FirstAsync(cancellationToken)
                .ConfigureAwait(false);
            int[] all = [.. Enumerable.Range(0, layers)];
            int[] heads = [.. Enumerable.Range(0, context.Model.Description.Heads)];
            return HeadReduction.Reduce(Finite.Attention(maps, all, heads), all, heads, largest);
        }

        var (cross, decoder) = (
            await CombinedAsync(AttentionKind.Cross).ConfigureAwait(false),
            await CombinedAsync(AttentionKind.Decoder).ConfigureAwait(false)
        );
        var (text, said) = (context.Window.Row.Ids.Length, context.Window.Row.DecoderIds.Length);
        return
        [
            .. generation.Tokens.Select(
                (token, index) =>
                    token with
                    {
                        Scores = cross?.AsSpan(index * text, text).ToArray(),
                        GeneratedScores = decoder?.AsSpan((index * said) + 1, index).ToArray(),
                    }
            ),
        ];
    }
}
