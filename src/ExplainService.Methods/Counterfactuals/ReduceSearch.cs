namespace ExplainService.Methods.Counterfactuals;

/// <summary>
/// What is left of the text when the unit without which the prediction is the strongest goes, again and again, while it stays what it is
/// (input reduction, Feng et al. 2018).
/// </summary>
internal sealed class ReduceSearch : ICounterfactualSearch
{
    /// <inheritdoc/>
    public CounterfactualKind Kind => CounterfactualKind.Reduce;

    /// <inheritdoc/>
    public bool Changes(CounterfactualRequest request) => false;

    /// <inheritdoc/>
    public async Task<FoundTexts> RunAsync(SearchInput input, CancellationToken cancellationToken)
    {
        var (judge, most) = (input.Judge, input.Request.MaxEdits ?? int.MaxValue);
        var sets = new UnitSets(judge, new Removals(judge.Context.Input, input.Units.Units), input.Stays, keeps: true);
        int[] left = [.. input.Free];
        var (last, minimal, all) = ((JudgedText?)null, false, left.Length);
        while (!judge.IsOver && all - left.Length < most)
        {
            var judged = await JudgeAsync([.. left.Select(gone => new[] { gone })]).ConfigureAwait(false);
            int[] weakest =
            [
                .. judged.Index().Where(one => sets.Does(one.Item)).OrderBy(one => sets.Distance(one.Item!)).Select(one => one.Index),
            ];
            if (weakest.Length == 0)
            {
                minimal = judged.All(one => one is not null);
                break;
            }

            (int[] Gone, JudgedText Best) step = ([left[weakest[0]]], judged[weakest[0]]!);
            if (judge.Left < (long)left.Length * left.Length / 2)
            {
                // One by one would not come to an end: several that can go alone are tried together.
                step = await SeveralAsync([.. weakest.Select(at => left[at])], step).ConfigureAwait(false);
            }

            (left, last) = ([.. left.Except(step.Gone)], step.Best);
        }

        var found = new FoundTexts(1);
        if (last is not null)
        {
            found.Add(new FoundText(last.Text, last.Text.Edits.Count, sets.Distance(last), minimal));
        }

        return found;

        Task<JudgedText?[]> JudgeAsync(int[][] gone) =>
            judge.OfAsync([.. gone.Select(units => sets.TextOf(left.Except(units).ToHashSet()))], cancellationToken);

        async Task<(int[] Gone, JudgedText Best)> SeveralAsync(int[] weakest, (int[] Gone, JudgedText Best) otherwise)
        {
            var counts = new List<int>();
            for (var count = 2; count <= Math.Min(weakest.Length, most - (all - left.Length)); count *= 2)
            {
                counts.Add(count);
            }

            int[][] several = [.. counts.Select(count => weakest[..count])];
            var judged = await JudgeAsync(several).ConfigureAwait(false);
            var longest = Array.FindLastIndex(judged, sets.Does);
            return longest < 0 ? otherwise : (several[longest], judged[longest]!);
        }
    }
}
