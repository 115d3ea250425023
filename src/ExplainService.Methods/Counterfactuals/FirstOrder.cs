using System.Numerics.Tensors;
using ExplainService.Runtime;

namespace ExplainService.Methods.Counterfactuals;

/// <summary>A token and an entry of the vocabulary that would take its place.</summary>
/// <param name="Token">The token's place.</param>
/// <param name="Id">The entry.</param>
/// <param name="Change">By how much f would change, to first order.</param>
internal sealed record Replacing(int Token, int Id, double Change);

/// <summary>
/// What replacing tokens would change to first order, (E[w] − e_i)·g_i, over the whole vocabulary (Ebrahimi et al. 2018): one pass over the
/// embeddings where they are, for all tokens at once.
/// </summary>
internal static class FirstOrder
{
    // The table is read in pieces that stay in a processor's cache while every token's gradient is held against them.
    private const int Block = 128;

    /// <summary>Products of numbers that one pass may take: about a second.</summary>
    private const long MostWork = 4_000_000_000;

    /// <summary>The replacements that lower f most, a few for each token, the strongest first.</summary>
    /// <param name="runner">The model.</param>
    /// <param name="ids">The row's tokens.</param>
    /// <param name="gradient">sign · ∂f/∂e, [tokens × embedding].</param>
    /// <param name="places">The tokens that may be replaced.</param>
    /// <param name="isAllowed">From a token's id to an entry's: whether that may take its place.</param>
    /// <param name="each">The most of one token.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    public static IReadOnlyList<Replacing> Lowest(
        IModelRunner runner,
        int[] ids,
        float[] gradient,
        IReadOnlyList<int> places,
        Func<int, int, bool> isAllowed,
        int each,
        CancellationToken cancellationToken
    )
    {
        var size = gradient.Length / ids.Length;
        var own = runner.Embed(ids);
        var buffer = new float[Block * size];
        int[] tokens = [.. places.OrderByDescending(place => TensorPrimitives.Norm(Line(gradient, place)))];
        var best = tokens.Select(_ => new PriorityQueue<int, float>()).ToArray();
        var vocabulary = 0;
        for (var first = 0; ; first += Block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var lines = runner.EmbeddingLines(first, buffer);
            if (lines.IsEmpty)
            {
                break;
            }

            var count = lines.Length / size;
            vocabulary += count;
            if ((long)vocabulary * tokens.Length * size > MostWork && tokens.Length > 1)
            {
                tokens = tokens[..Math.Max(1, (int)(MostWork / ((long)vocabulary * size)))];
            }

            for (var at = 0; at < tokens.Length; at++)
            {
                var slope = Line(gradient, tokens[at]);
                for (var line = 0; line < count; line++)
                {
                    if (isAllowed(ids[tokens[at]], first + line))
                    {
                        Offer(best[at], first + line, TensorPrimitives.Dot(lines.Slice(line * size, size), slope), each);
                    }
                }
            }
        }

        return
        [
            .. tokens
                .SelectMany(
                    (token, at) =>
                        best[at]
                            .UnorderedItems.Select(one => new Replacing(
                                token,
                                one.Element,
                                -one.Priority - TensorPrimitives.Dot(Line(own, token), Line(gradient, token))
                            ))
                )
                .OrderBy(one => one.Change)
                .ThenBy(one => one.Token)
                .ThenBy(one => one.Id),
        ];

        ReadOnlySpan<float> Line(float[] values, int place) => values.AsSpan(place * size, size);
    }

    /// <summary>Keeps the lowest: priorities are negated, so that the highest of them is the first to go.</summary>
    private static void Offer(PriorityQueue<int, float> best, int id, float value, int most)
    {
        if (best.Count < most)
        {
            best.Enqueue(id, -value);
        }
        else
        {
            best.EnqueueDequeue(id, -value);
        }
    }
}
