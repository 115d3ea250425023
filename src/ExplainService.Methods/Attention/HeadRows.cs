using ExplainService.Runtime;

namespace ExplainService.Methods.Attention;

/// <summary>Which rows of a token × token matrix speak for what is explained: those of the tokens that the head reads.</summary>
internal static class HeadRows
{
    /// <summary>Their mean, one score a token; the mean of all rows where the head pools them all or does not tell.</summary>
    /// <param name="context">The request.</param>
    /// <param name="kind">Whose tokens the matrix is about.</param>
    /// <param name="matrix">[n × n].</param>
    /// <param name="n">Tokens.</param>
    public static double[] Row(ExplanationContext context, AttentionKind kind, double[] matrix, int n)
    {
        var scores = new double[n];
        var texts = Texts(context, n);
        foreach (var (start, end) in texts)
        {
            var rows = Positions(context, kind, start, end) ?? [.. Enumerable.Range(start, end - start)];
            foreach (var row in rows)
            {
                for (var key = 0; key < n; key++)
                {
                    scores[key] += matrix[(row * n) + key] / rows.Length / texts.Length;
                }
            }
        }

        return scores;
    }

    /// <summary>Two texts that are compared have rows of their own that speak for them, and the same weight.</summary>
    private static (int Start, int End)[] Texts(ExplanationContext context, int n) =>
        context.Resolved?.Joint is { Row.PairStart: var pair } ? [(0, pair), (pair, n)] : [(0, n)];

    private static int[]? Positions(ExplanationContext context, AttentionKind kind, int start, int end)
    {
        if (context.Resolved is { Joint: null } resolved)
        {
            var window = resolved.Windows[0];
            if (window.Row.DecoderIds.Length > 0)
            {
                // What is read is the decoder's; its encoder has no token of its own for that.
                return kind == AttentionKind.Decoder ? window.Row.OutputPositions : null;
            }

            if (window.ClassesArePositions)
            {
                return window.Target.Outputs[resolved.MainOutput].Classes;
            }

            if (window.Row.OutputPositions.Length > 0)
            {
                return [.. window.Target.Outputs[resolved.MainOutput].Positions.Select(read => window.Row.OutputPositions[read])];
            }
        }

        if (kind == AttentionKind.Self && context.Model.Description.AttentionLayers.ContainsKey(AttentionKind.Cross))
        {
            return null;
        }

        return context.Model.Description.HeadRead switch
        {
            HeadRead.First => [start],
            HeadRead.Last => [end - 1],
            _ => null,
        };
    }
}
