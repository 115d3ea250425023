namespace ExplainService.Methods.Counterfactuals;

/// <summary>Texts made of sets of units: those without the set, or those of the set alone.</summary>
/// <param name="judge">Reads texts.</param>
/// <param name="removals">From units that go to texts.</param>
/// <param name="stays">Whether a unit is none of those that are chosen from.</param>
/// <param name="keeps">The set is what is left, and is to leave the prediction as it is; otherwise it goes, and is to change it.</param>
internal sealed class UnitSets(TextJudge judge, Removals removals, Func<int, bool> stays, bool keeps)
{
    /// <summary>The text of a set.</summary>
    public EditedText TextOf(IReadOnlySet<int> set) => removals.Of(unit => !stays(unit) && set.Contains(unit) != keeps);

    /// <summary>Whether a text does what it is to do.</summary>
    public bool Does(JudgedText? judged) => judged?.Verdict is { } verdict && verdict.Changed != keeps;

    /// <summary>How far a text is from it.</summary>
    public double Distance(JudgedText judged) =>
        judged.Verdict is { } verdict ? (keeps ? -verdict.Margin : verdict.Margin) : double.MaxValue;

    /// <summary>
    /// Takes members out of a set that does it as long as one can go, the one first without which it is done most clearly.
    /// </summary>
    /// <returns>The text, and the members of what is left of the set.</returns>
    public async Task<(FoundText Text, int[] Members)> ShrunkAsync(int[] set, JudgedText judged, CancellationToken cancellationToken)
    {
        var (members, best) = (set.Order().ToArray(), judged);
        while (members.Length > 1)
        {
            var fewer = members.Select((_, at) => Fewer(members, best.Text, at)).ToArray();
            var verdicts = await judge.OfAsync(fewer, cancellationToken).ConfigureAwait(false);
            var smaller = verdicts.Index().Where(one => Does(one.Item)).OrderBy(one => Distance(one.Item!)).ToArray();
            if (smaller.Length == 0)
            {
                return Found(verdicts.All(one => one is not null));
            }

            (members, best) = ([.. members.Where((_, at) => at != smaller[0].Index)], smaller[0].Item!);
        }

        return Found(true);

        (FoundText, int[]) Found(bool isMinimal) => (new(best.Text, members.Length, Distance(best), isMinimal), members);
    }

    /// <summary>Of what is gone an edit is put back, exactly as its caller could.</summary>
    private EditedText Fewer(int[] members, EditedText text, int at) =>
        keeps ? TextOf(members.Where((_, other) => other != at).ToHashSet()) : text.Without(at);
}
