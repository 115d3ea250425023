using ExplainService.Graph.Forms;
using ExplainService.Runtime.Folders;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime.Execution;

/// <summary>Which rows may share a batch without changing each other's numbers.</summary>
internal enum BatchCompatibility
{
    /// <summary>None: each is computed alone.</summary>
    Alone,

    /// <summary>Rows of one length.</summary>
    SameLength,

    /// <summary>Any: padding is masked.</summary>
    Any,
}

/// <summary>
/// Finds out which rows of a model may share a batch, so that no answer depends on what else is asked at the same time. Not every model masks its
/// padding: MobileBERT's embeddings look at the token beside, a classifier without a padding token reads the last position of the batch,
/// some graphs have no attention mask. And not every export keeps rows apart: a classifier that looks for the last token by a negative
/// index finds another row's, and a graph may have been traced for one row only.
/// </summary>
internal static class BatchInvarianceProbe
{
    private const int Longer = 11;
    private const int Shorter = 6;

    /// <summary>Differences in the order of summation stay below this part of the largest logit.</summary>
    private const float Tolerance = 1e-4f;

    /// <summary>Half precision, and activations rounded by scales that the model fixes.</summary>
    private const float RoundedTolerance = 1e-2f;

    /// <summary>Rounding by the range of a whole batch.</summary>
    private const float DynamicTolerance = 5e-2f;

    /// <summary>Compares rows alone with the same rows together.</summary>
    /// <param name="forward">The model.</param>
    /// <param name="example">A row of that many tokens, different for each number.</param>
    /// <param name="limits">The longest row.</param>
    /// <param name="report">Whether the model is rounded.</param>
    public static BatchCompatibility Of(
        PredictWorkload forward,
        Func<int, int, TokenRow> example,
        ModelLimits limits,
        GraphReport report
    ) => Of(LogitsOf(forward), example, limits, ToleranceOf(report));

    /// <summary>The same for a form that computes in float32 whatever the model does.</summary>
    /// <param name="run">What is computed of each row of a batch.</param>
    /// <param name="example">A row of that many tokens, different for each number.</param>
    /// <param name="limits">The longest row.</param>
    public static BatchCompatibility Of(Func<TokenRow[], IEnumerable<float[]>> run, Func<int, int, TokenRow> example, ModelLimits limits) =>
        Of(run, example, limits, Tolerance);

    private static BatchCompatibility Of(
        Func<TokenRow[], IEnumerable<float[]>> run,
        Func<int, int, TokenRow> example,
        ModelLimits limits,
        float tolerance
    )
    {
        if (limits.MaxTokens < Longer && limits.Picture is null)
        {
            return BatchCompatibility.Alone;
        }

        var (shorter, longer) = (AllRead(example(1, Shorter)), AllRead(example(2, Longer)));
        if (KeepTheirNumbers(run, [shorter, longer], tolerance))
        {
            return BatchCompatibility.Any;
        }

        return KeepTheirNumbers(run, [AllRead(example(1, Longer)), longer], tolerance)
            ? BatchCompatibility.SameLength
            : BatchCompatibility.Alone;
    }

    /// <summary>
    /// Whether a row with further end tokens, as a pair of texts has them, may share a batch with one of the same length.
    /// </summary>
    /// <param name="forward">The model.</param>
    /// <param name="example">A row of that many tokens, which ends with the end token.</param>
    /// <param name="end">The end token.</param>
    /// <param name="report">Whether the model is rounded.</param>
    public static bool MixesEnds(PredictWorkload forward, Func<int, int, TokenRow> example, int end, GraphReport report)
    {
        var (text, pair) = (AllRead(example(1, Longer)), AllRead(example(2, Longer)));
        pair.Ids.AsSpan(Shorter, 2).Fill(end);
        return KeepTheirNumbers(LogitsOf(forward), [text, pair], ToleranceOf(report));
    }

    private static Func<TokenRow[], IEnumerable<float[]>> LogitsOf(PredictWorkload forward) =>
        rows => forward.Run(rows, CancellationToken.None).Select(logits => logits.Values);

    private static float ToleranceOf(GraphReport report) =>
        report is { Quantised: null, Widened: null } ? Tolerance
        : report.RoundsByBatch ? DynamicTolerance
        : RoundedTolerance;

    private static bool KeepTheirNumbers(Func<TokenRow[], IEnumerable<float[]>> run, TokenRow[] rows, float tolerance)
    {
        try
        {
            var alone = rows.Select(row => run([row]).Single());
            return run(rows).Zip(alone).All(pair => SameLogits.Within(tolerance, pair.Second, pair.First));
        }
        catch (OnnxRuntimeException error) when (!MemoryShortage.Caused(error))
        {
            // A row that cannot be computed at all fails where the model is warmed up, and says why.
            return false;
        }
    }

    /// <summary>The last position is the one beside the padding.</summary>
    private static TokenRow AllRead(TokenRow row) =>
        row.OutputPositions.Length == 0
            ? row
            : new TokenRow
            {
                Ids = row.Ids,
                TypeIds = row.TypeIds,
                DecoderIds = row.DecoderIds,
                OutputPositions = [.. Enumerable.Range(0, row.DecoderIds.Length > 0 ? row.DecoderIds.Length : row.Ids.Length)],
            };
}
