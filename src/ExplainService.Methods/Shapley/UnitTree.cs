using ExplainService.Methods.Pipeline;

namespace ExplainService.Methods.Shapley;

/// <summary>From a request's units to the tree of adjacent units that <c>partition</c> explains along.</summary>
internal static class UnitTree
{
    private const string Between = "\n\n";

    /// <summary>The tree; a pair's units come after the text's, as a paragraph of their own. Null for no units.</summary>
    public static PartitionTree? Build(PreparedInput input, IReadOnlyList<Unit> units)
    {
        var shift = input.Text.Length + Between.Length;
        return PartitionTree.Of(
            input.Pair is null ? input.Text : input.Text + Between + input.Pair,
            [
                .. units.Select(unit => new PartitionUnit(
                    input.TextOf(unit.Sequence)[unit.Start..unit.End],
                    unit.Start + (unit.Sequence * shift),
                    unit.End + (unit.Sequence * shift)
                )),
            ]
        );
    }
}
