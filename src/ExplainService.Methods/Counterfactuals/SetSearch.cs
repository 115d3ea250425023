namespace ExplainService.Methods.Counterfactuals;

/// <summary>
/// The smallest sets of units that do something: greedily along an order, then shrunk (Carter et al. 2019); and by size, from the most
/// promising sets of the size before, as long as that may find smaller ones.
/// </summary>
/// <param name="judge">Reads texts.</param>
/// <param name="sets">What a set makes of the text.</param>
/// <param name="order">The units, most promising first.</param>
/// <param name="limit">The most units of a set.</param>
/// <param name="beam">Sets of a size that are gone on from.</param>
/// <param name="wanted">How many are wanted.</param>
internal sealed class SetSearch(TextJudge judge, UnitSets sets, int[] order, int limit, int beam, int wanted)
{
    private const int PrefixesAtOnce = 8;

    private readonly FoundTexts found = new(wanted);
    private readonly List<int[]> done = [];

    /// <summary>Searches within the judge's budget and time.</summary>
    public async Task<FoundTexts> RunAsync(CancellationToken cancellationToken)
    {
        await AlongAsync(cancellationToken).ConfigureAwait(false);
        List<(int[] Set, double Distance)> states = [([], 0)];
        for (var size = 1; size <= found.MostUseful(Math.Min(limit, order.Length)) && !judge.IsOver && states.Count > 0; size++)
        {
            states = await NextAsync(states, size, cancellationToken).ConfigureAwait(false);
        }

        return found;
    }

    private async Task AlongAsync(CancellationToken cancellationToken)
    {
        var longest = Math.Min(limit, order.Length);
        for (var length = 1; length <= longest && !judge.IsOver; length += PrefixesAtOnce)
        {
            int[][] prefixes =
            [
                .. Enumerable.Range(length, Math.Min(PrefixesAtOnce, longest - length + 1)).Select(count => order[..count]),
            ];
            var judged = await JudgeAsync(prefixes, cancellationToken).ConfigureAwait(false);
            if (Array.FindIndex(judged, sets.Does) is >= 0 and var first)
            {
                await AddAsync(prefixes[first], judged[first]!, cancellationToken).ConfigureAwait(false);
                return;
            }
        }
    }

    /// <summary>Sets with one unit more; keeps those that do not do it yet.</summary>
    private async Task<List<(int[] Set, double Distance)>> NextAsync(
        List<(int[] Set, double Distance)> states,
        int size,
        CancellationToken cancellationToken
    )
    {
        // Each further size may take a like share of what is left.
        var most = size == 1 ? judge.Left / 2 : Math.Max(beam, judge.Left / Math.Max(2, Math.Min(4, limit - size + 1)));
        var longer = new Dictionary<string, int[]>(StringComparer.Ordinal);
        foreach (var unit in order)
        {
            foreach (var (set, _) in states)
            {
                if (longer.Count < most && !set.Contains(unit))
                {
                    int[] with = [.. set.Append(unit).Order()];
                    if (!done.Exists(known => known.All(with.Contains)))
                    {
                        longer.TryAdd(string.Join(' ', with), with);
                    }
                }
            }
        }

        int[][] asked = [.. longer.Values];
        var judged = await JudgeAsync(asked, cancellationToken).ConfigureAwait(false);
        var next = new List<(int[], double)>();
        foreach (var (at, one) in judged.Index().Where(one => one.Item is not null).OrderBy(one => sets.Distance(one.Item!)))
        {
            if (!sets.Does(one))
            {
                next.Add((asked[at], sets.Distance(one!)));
            }
            else if (!done.Exists(known => known.All(asked[at].Contains)))
            {
                await AddAsync(asked[at], one!, cancellationToken).ConfigureAwait(false);
            }
        }

        if (size == 1)
        {
            // From here on by what each does alone: the estimate told less.
            order = [.. next.Select(one => one.Item1[0]).Concat(order).Distinct()];
        }

        return [.. next.Take(beam)];
    }

    private async Task AddAsync(int[] set, JudgedText judged, CancellationToken cancellationToken)
    {
        var (text, members) = await sets.ShrunkAsync(set, judged, cancellationToken).ConfigureAwait(false);
        done.Add(members);
        found.Add(text);
    }

    private Task<JudgedText?[]> JudgeAsync(int[][] asked, CancellationToken cancellationToken) =>
        judge.OfAsync([.. asked.Select(set => sets.TextOf(set.ToHashSet()))], cancellationToken);
}
