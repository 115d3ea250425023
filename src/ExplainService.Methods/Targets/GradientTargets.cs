using ExplainService.Runtime;

namespace ExplainService.Methods.Targets;

/// <summary>
/// From one output of a target function to the row and the columns that a gradient wants. Of a generation the row ends where the output's
/// last token is predicted: what comes later has no say in it.
/// </summary>
public static class GradientTargets
{
    /// <summary>The row that reads only what the output needs, and the column of each of its lines of logits.</summary>
    public static GradientRow Of(InputWindow window, TargetOutput output)
    {
        var row = window.Row;
        if (row.OutputPositions.Length > 0)
        {
            var reads = output.Positions.Select(read => row.OutputPositions[read]).ToArray();
            var end = reads.Max() + 1;
            return new GradientRow(
                new TokenRow
                {
                    Ids = window.ContinuationTokens > 0 ? row.Ids[..end] : row.Ids,
                    TypeIds = row.TypeIds,
                    DecoderIds = row.DecoderIds.Length > 0 ? row.DecoderIds[..end] : [],
                    OutputPositions = reads,
                },
                output.Classes
            )
            {
                Against = output.Against,
            };
        }

        var lines = window.ClassesArePositions ? 2 : 1;
        return new GradientRow(row, Lines(output.Classes)) { Against = output.Against is { } against ? Lines(against) : null };

        int[] Lines(int[] classes)
        {
            var columns = new int[lines];
            Array.Fill(columns, -1);
            for (var i = 0; i < output.Positions.Length; i++)
            {
                columns[output.Positions[i]] = classes[i];
            }

            return columns;
        }
    }
}
