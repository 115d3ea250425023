using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;

namespace ExplainService.Methods.Targets;

/// <summary>From one output of a target function to the row and the columns that a gradient wants.</summary>
public static class GradientTargets
{
    /// <summary>The row that reads only what the output needs, and the column of each of its lines of logits.</summary>
    public static (ModelRow Row, int[] Targets) Of(InputWindow window, TargetOutput output)
    {
        var row = window.Row;
        if (row.Reads.Length > 0)
        {
            var reads = output.Reads.Select(read => row.Reads[read]).ToArray();
            return (new ModelRow { Ids = row.Ids, TypeIds = row.TypeIds, DecoderIds = row.DecoderIds, Reads = reads }, output.Columns);
        }

        var lines = window.ColumnsArePositions ? 2 : 1;
        var targets = new int[lines];
        Array.Fill(targets, -1);
        for (var i = 0; i < output.Reads.Length; i++)
        {
            targets[output.Reads[i]] = output.Columns[i];
        }

        return (row, targets);
    }
}
