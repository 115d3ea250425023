using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;

namespace ExplainService.Methods.Perturbation;

/// <summary>
/// Occlusion of earlier generated tokens: how much f of each later one drops when a single token that the model said before is removed. One
/// row a removed token scores all that follow it.
/// </summary>
public static class GeneratedOcclusion
{
    /// <summary>The drops, [generated token][earlier one]; null where nothing is generated.</summary>
    public static async Task<IReadOnlyList<double[]>?> MeasureAsync(ExplanationContext context, Replacement replacement, CancellationToken cancellationToken)
    {
        if (context.Target.Generation is not { } generation)
        {
            return null;
        }

        var (window, count) = (context.Window, generation.Ids.Length);
        IReadOnlyList<int> instead = replacement.Token is { } token ? [token] : replacement.Tokens;
        var rows = Enumerable.Range(0, count - 1).Select(removed => Without(window, removed, instead));
        var drops = Enumerable.Range(0, count).Select(later => new double[later]).ToArray();
        var earlier = 0;
        await foreach (var logits in context.Runner.PredictAsync(rows, context.Work, cancellationToken).ConfigureAwait(false))
        {
            var scores = window.Target.Score(logits);
            for (var later = earlier + 1; later < count; later++)
            {
                drops[later][earlier] = generation.Tokens[later].Score!.Value - scores[later];
            }

            earlier++;
        }

        return drops;
    }

    /// <summary>The row without a generated token. What follows it is predicted from the last token of what took its place.</summary>
    internal static ModelRow Without(InputWindow window, int removed, IReadOnlyList<int> instead)
    {
        var row = window.Row;
        var shift = instead.Count - 1;
        var isDecoder = row.DecoderIds.Length > 0;
        var position = (isDecoder ? 1 : window.Encoding.Count) + removed;
        int[] Edited(int[] ids) => [.. ids[..position], .. instead, .. ids[(position + 1)..]];
        return new ModelRow
        {
            Ids = isDecoder ? row.Ids : Edited(row.Ids),
            TypeIds = row.TypeIds,
            DecoderIds = isDecoder ? Edited(row.DecoderIds) : [],
            Reads = [.. row.Reads.Select(read => read >= position ? read + shift : read)],
        };
    }
}
