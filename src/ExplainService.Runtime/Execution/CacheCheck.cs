using ExplainService.Runtime.Folders;

namespace ExplainService.Runtime.Execution;

/// <summary>
/// Compares a decoder with a cache with the model itself, on rows of arbitrary tokens: what the graph compiler derived is used only where
/// it gives the same numbers. Quantised models fail (they round each run by its own largest numbers) and are computed whole.
/// </summary>
internal static class CacheCheck
{
    private const int Length = 13;
    private const int Prefix = 7;

    /// <summary>Differences in the order of summation stay below this part of the largest logit.</summary>
    private const float Tolerance = 1e-4f;

    /// <summary>Whether both give the same.</summary>
    /// <param name="decoder">With a cache.</param>
    /// <param name="forward">Without.</param>
    /// <param name="limits">What rows may hold.</param>
    public static bool Agrees(CachedDecoder decoder, PredictWorkload forward, ModelLimits limits)
    {
        if (limits.MaxTokens < Length)
        {
            return false;
        }

        var ids = Tokens(1, Length, decoder.IsSeq2Seq ? limits.DecoderVocabulary : limits.Vocabulary);
        int[] source = decoder.IsSeq2Seq ? Tokens(5, Length - 2, limits.Vocabulary) : [];
        var prefix = Row(source, ids, Prefix);
        TokenRow[] rows = [Row(source, ids, Length), Row(source, ids, Length - 3)];

        // Rows behind a prefix run together where the model is causal, with padding in the batch; a decoder's, one by one.
        var batches = decoder.IsSeq2Seq ? rows.Select(row => new[] { row }).ToArray() : [rows];
        using var encoded = decoder.IsSeq2Seq ? decoder.Encode(prefix, CancellationToken.None) : null;
        var first = decoder.Run([prefix], null, encoded, keep: true, CancellationToken.None, out var present);
        using (present)
        {
            var rest = batches.SelectMany(batch => decoder.Run(batch, present, encoded, keep: false, CancellationToken.None, out _));
            var whole = batches
                .SelectMany(batch => forward.Run(batch, CancellationToken.None))
                .Concat(forward.Run([prefix], CancellationToken.None));
            return whole.Zip(rest.Concat(first)).All(pair => SameLogits.Within(Tolerance, pair.First, pair.Second));
        }
    }

    private static TokenRow Row(int[] source, int[] ids, int length)
    {
        int[] tokens = ids[..length];
        int[] reads = length == Prefix ? [Prefix - 1] : [Prefix, length - 1];
        return source.Length > 0
            ? new TokenRow
            {
                Ids = source,
                DecoderIds = tokens,
                OutputPositions = reads,
            }
            : new TokenRow { Ids = tokens, OutputPositions = reads };
    }

    private static int[] Tokens(int start, int count, int vocabulary) =>
        [.. Enumerable.Range(start, count).Select(i => (int)((i * 2654435761L) % vocabulary))];
}
