using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;

namespace ExplainService.Methods.Perturbation;

/// <summary>A row to score and f over its logits.</summary>
public sealed record ScoredRow(ModelRow Row, TargetFunction Target);

/// <summary>Rows of one window with some of its units removed. Positions that f reads follow the tokens that move.</summary>
/// <param name="window">The window as it is.</param>
/// <param name="positions">For every unit its positions in the window's row.</param>
/// <param name="replacement">What stands in for removed units.</param>
/// <param name="maxTokens">The model's limit, which a longer replacement text may exceed.</param>
/// <param name="placeholder">The token that stands for a text of which nothing is left.</param>
public sealed class RowEditor(InputWindow window, IReadOnlyList<int[]> positions, Replacement replacement, int maxTokens, int? placeholder)
{
    /// <summary>The row in which only the units of the coalition are present.</summary>
    public ScoredRow Edit(Coalition coalition) =>
        replacement.Token is { } token ? InPlace(coalition, token) : Rebuilt(coalition);

    private ScoredRow InPlace(Coalition coalition, int token)
    {
        var ids = (int[])window.Row.Ids.Clone();
        for (var unit = 0; unit < positions.Count; unit++)
        {
            if (!coalition[unit])
            {
                foreach (var position in positions[unit])
                {
                    ids[position] = token;
                }
            }
        }

        return new ScoredRow(
            new ModelRow { Ids = ids, TypeIds = window.Row.TypeIds, DecoderIds = window.Row.DecoderIds, Reads = window.Row.Reads }, window.Target);
    }

    private ScoredRow Rebuilt(Coalition coalition)
    {
        var source = window.Row;
        var firstOf = new Dictionary<int, bool>();
        for (var unit = 0; unit < positions.Count; unit++)
        {
            if (!coalition[unit])
            {
                for (var i = 0; i < positions[unit].Length; i++)
                {
                    firstOf[positions[unit][i]] = i == 0;
                }
            }
        }

        var ids = new List<int>(source.Ids.Length);
        var types = new List<int>(source.TypeIds.Length);
        var moved = new int[source.Ids.Length];
        for (var position = 0; position < source.Ids.Length; position++)
        {
            var removed = firstOf.TryGetValue(position, out var first);
            moved[position] = removed ? -1 : ids.Count;
            var pieces = !removed ? [source.Ids[position]] : first ? replacement.Tokens : [];
            ids.AddRange(pieces);
            if (source.TypeIds.Length > 0)
            {
                types.AddRange(Enumerable.Repeat(source.TypeIds[position], pieces.Count));
            }
        }

        if (ids.Count == 0)
        {
            ids.Add(placeholder ?? throw InvalidRequestException.CannotDo("replacement", "nothing is left of the text, and this tokenizer has no token for that; use \"mask\""));
        }

        if (ids.Count + source.DecoderIds.Length > maxTokens && ids.Count > source.Ids.Length)
        {
            throw InvalidRequestException.CannotDo("replacement", FormattableString.Invariant($"with this text in place of a unit the input has {ids.Count} tokens and the model takes {maxTokens}"));
        }

        var row = new ModelRow
        {
            Ids = [.. ids],
            TypeIds = [.. types],
            DecoderIds = source.DecoderIds,
            Reads = source.DecoderIds.Length > 0 ? source.Reads : [.. source.Reads.Select(read => MoveRead(moved, read))],
        };
        return new ScoredRow(row, window.ColumnsArePositions ? window.Target.MoveColumns(moved) : window.Target);
    }

    /// <summary>A read whose token is gone reads at the nearest token before it: a causal model then predicts from what is left.</summary>
    private static int MoveRead(int[] moved, int read)
    {
        while (read >= 0 && moved[read] < 0)
        {
            read--;
        }

        return read < 0 ? 0 : moved[read];
    }
}
