using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;

namespace ExplainService.Methods.Attention;

/// <summary>Which row of a token × token matrix speaks for the prediction: the row of the token that the head reads.</summary>
internal static class HeadReading
{
    /// <summary>That row, one score a token; the mean of all rows where the head pools them all or does not tell.</summary>
    public static double[] Row(ExplanationContext context, double[] matrix, int n)
    {
        var scores = new double[n];
        var position = Position(context, n);
        for (var key = 0; key < n; key++)
        {
            if (position is { } row)
            {
                scores[key] = matrix[(row * n) + key];
                continue;
            }

            for (var query = 0; query < n; query++)
            {
                scores[key] += matrix[(query * n) + key] / n;
            }
        }

        return scores;
    }

    private static int? Position(ExplanationContext context, int n)
    {
        if (context.Reading is { } reading && reading.Windows[0].Row.Reads is { Length: > 0 } reads)
        {
            return reads[0];
        }

        return context.Model.Description.HeadRead switch
        {
            HeadRead.First => 0,
            HeadRead.Last => n - 1,
            _ => null,
        };
    }
}
