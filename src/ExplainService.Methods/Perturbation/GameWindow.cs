using ExplainService.Methods.Coalitions;

namespace ExplainService.Methods.Perturbation;

/// <summary>
/// One window of a text as its units change. A text over the model's limit has many windows and most changes touch one or two: the others'
/// scores are remembered by which of the window's own units are present.
/// </summary>
/// <param name="editor">Makes the window's rows.</param>
/// <param name="members">The units that the window holds.</param>
/// <param name="remembers">Whether scores are worth remembering: there are other windows.</param>
internal sealed class GameWindow(RowEditor editor, UnitInWindow[] members, bool remembers)
{
    // Bound the memory of a request of very many evaluations; what is not remembered is computed again.
    private const int MaxRemembered = 20_000;
    private const int MaxRememberedNumbers = 4_000_000;

    private readonly Dictionary<Coalition, double[]> scores = [];

    public RowEditor Editor => editor;

    /// <summary>The window with only the units of a coalition present.</summary>
    public WindowPart Of(Coalition coalition, Replacement replacement) =>
        Remembered(() => Coalition.Of(members.Length, i => coalition[members[i].Unit]), () => editor.Edit(coalition, replacement));

    /// <summary>The window with some units replaced; as it is, where it holds none of them.</summary>
    public WindowPart With(Substitution substitution)
    {
        var (first, end) = (substitution.Units.Start.Value, substitution.Units.End.Value);
        return members.Any(member => member.Unit >= first && member.Unit < end)
            ? new WindowPart(editor.Rebuild(unit => unit >= first && unit < end ? substitution.TextOf(unit) : null), null)
            : Remembered(() => Coalition.Full(members.Length), () => editor.Rebuild(_ => null));
    }

    private WindowPart Remembered(Func<Coalition> present, Func<ScoredRow> row)
    {
        if (!remembers)
        {
            return new WindowPart(row(), null);
        }

        var own = present();
        return scores.TryGetValue(own, out var known)
            ? new WindowPart(null, known)
            : new WindowPart(row(), null, score => Remember(own, score));
    }

    private void Remember(Coalition own, double[] score)
    {
        if (scores.Count < Math.Min(MaxRemembered, MaxRememberedNumbers / Math.Max(1, score.Length)))
        {
            scores[own] = score;
        }
    }
}
