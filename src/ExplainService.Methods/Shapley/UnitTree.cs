using ExplainService.Methods.Pipeline;

namespace ExplainService.Methods.Shapley;

/// <summary>From a request's units to the tree of adjacent units that <c>partition</c> explains along.</summary>
internal static class UnitTree
{
    private const string Between = "\n\n";

    /// <summary>The tree; of several texts each is a paragraph of its own. Null for no units.</summary>
    public static PartitionTree? Build(PreparedInput input, IReadOnlyList<Unit> units)
    {
        string[] texts = [.. Enumerable.Range(0, input.Texts).Select(input.TextOf)];
        var starts = new int[texts.Length];
        for (var text = 1; text < starts.Length; text++)
        {
            starts[text] = starts[text - 1] + texts[text - 1].Length + Between.Length;
        }

        return PartitionTree.Of(
            string.Join(Between, texts),
            [
                .. units.Select(unit => new PartitionUnit(
                    texts[unit.Sequence][unit.Start..unit.End],
                    unit.Start + starts[unit.Sequence],
                    unit.End + starts[unit.Sequence]
                )),
            ]
        );
    }
}
