using ExplainService.Methods.Pipeline;
using ExplainService.Text.Units;

namespace ExplainService.Methods.Counterfactuals;

/// <summary>
/// From units that go to stretches of the text: a unit takes the white space before it along, at the start of a text or a line the white
/// space behind it, so that what is left reads as if it had never been there. Each unit's stretch is its own.
/// </summary>
/// <param name="input">The texts.</param>
/// <param name="units">Their units, in text order.</param>
internal sealed class Removals(PreparedInput input, IReadOnlyList<Unit> units)
{
    /// <summary>The texts without some units: one edit a unit, in the units' order.</summary>
    /// <param name="isRemoved">Whether a unit goes.</param>
    public EditedText Of(Func<int, bool> isRemoved)
    {
        var edits = new List<TextEdit>();
        for (var first = 0; first < units.Count; first++)
        {
            if (!isRemoved(first))
            {
                continue;
            }

            var last = first;
            while (last + 1 < units.Count && isRemoved(last + 1) && units[last + 1].Sequence == units[first].Sequence)
            {
                last++;
            }

            var behind = TakesSpaceBehind(first, last);
            for (var unit = first; unit <= last; unit++)
            {
                edits.Add(Edit(unit, behind));
            }

            first = last;
        }

        return new EditedText(input, edits);
    }

    private TextEdit Edit(int unit, bool behind) =>
        behind
            ? new TextEdit(units[unit].Sequence, Start(unit), SpaceBehind(unit), "")
            : new TextEdit(units[unit].Sequence, SpaceBefore(unit), units[unit].End, "");

    private bool TakesSpaceBehind(int first, int last)
    {
        var text = input.TextOf(units[first].Sequence);
        var before = text.AsSpan(SpaceBefore(first)..Start(first));
        var behind = text.AsSpan(units[last].End..SpaceBehind(last));
        return SpaceBefore(first) == 0 || (before.ContainsAny('\n', '\r') && !behind.IsEmpty && !behind.ContainsAny('\n', '\r'));
    }

    /// <summary>Tokens of byte-level vocabularies begin with the space before them.</summary>
    private int Start(int unit) => WhiteSpace.Skip(input.TextOf(units[unit].Sequence), units[unit].Start, units[unit].End);

    private int SpaceBefore(int unit)
    {
        var text = input.TextOf(units[unit].Sequence);
        var least = unit > 0 && units[unit - 1].Sequence == units[unit].Sequence ? units[unit - 1].End : 0;
        var start = Start(unit);
        while (start > least && char.IsWhiteSpace(text[start - 1]))
        {
            start--;
        }

        return start;
    }

    private int SpaceBehind(int unit)
    {
        var text = input.TextOf(units[unit].Sequence);
        var most = unit + 1 < units.Count && units[unit + 1].Sequence == units[unit].Sequence ? Start(unit + 1) : text.Length;
        var end = units[unit].End;
        while (end < most && char.IsWhiteSpace(text[end]))
        {
            end++;
        }

        return end;
    }
}
