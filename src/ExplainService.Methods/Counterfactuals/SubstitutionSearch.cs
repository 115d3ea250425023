namespace ExplainService.Methods.Counterfactuals;

/// <summary>Proposes texts with one change more than a given one, the most promising first.</summary>
/// <param name="text">The text so far.</param>
/// <param name="count">The most proposals.</param>
/// <param name="cancellationToken">No time is left.</param>
internal delegate Task<IReadOnlyList<EditedText>> Proposer(EditedText text, int count, CancellationToken cancellationToken);

/// <summary>
/// Beam search over replaced words: proposals of the texts of a beam are judged, those with another prediction are found, and the nearest of
/// the others are changed further (Ebrahimi et al. 2018).
/// </summary>
/// <param name="input">What it starts from.</param>
/// <param name="propose">Proposes.</param>
/// <param name="limit">The most changes of a text.</param>
internal sealed class SubstitutionSearch(SearchInput input, Proposer propose, int limit)
{
    /// <summary>Changes where the request does not say.</summary>
    public const int DefaultEdits = 5;

    private const int MostProposals = 64;
    private const int LeastProposals = 8;

    private readonly TextJudge judge = input.Judge;
    private readonly FoundTexts found = new(input.Wanted);
    private readonly HashSet<(string, string?)> seen = [];

    /// <summary>Searches within the judge's budget and time.</summary>
    public async Task<FoundTexts> RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<EditedText> beam = [new EditedText(judge.Context.Input, [])];
        seen.Add(beam[0].Key);
        for (var edits = 1; edits <= found.MostUseful(limit) && beam.Count > 0 && !judge.IsOver; edits++)
        {
            // What is found must be looked at without each of its changes, and those without more of them.
            var room = judge.Left - Math.Min(judge.Left / 4, input.Wanted * edits * (edits - 1) / 2);
            var share = room / 2 / beam.Count / Math.Min(2, limit - edits + 1);
            var proposals = await ProposalsAsync(beam, Math.Clamp(share, LeastProposals, MostProposals), cancellationToken)
                .ConfigureAwait(false);
            var judged = await judge.OfAsync([.. proposals.Take(room)], cancellationToken).ConfigureAwait(false);
            JudgedText[] read =
            [
                .. judged.OfType<JudgedText>().Where(one => one.Verdict is not null).OrderBy(one => one.Verdict!.Value.Margin),
            ];
            foreach (var one in read.Where(one => one.Verdict!.Value.Changed).TakeWhile((_, rank) => edits == 1 || rank < 2 * input.Wanted))
            {
                found.Add(await ShrunkAsync(one, cancellationToken).ConfigureAwait(false));
            }

            beam = [.. read.Where(one => !one.Verdict!.Value.Changed).Take(input.Beam).Select(one => one.Text)];
        }

        return found;
    }

    private async Task<IReadOnlyList<EditedText>> ProposalsAsync(
        IReadOnlyList<EditedText> beam,
        int count,
        CancellationToken cancellationToken
    )
    {
        var proposals = new List<EditedText>();
        await judge
            .InTimeAsync(
                async stop =>
                {
                    foreach (var text in beam.TakeWhile(_ => !judge.IsOver))
                    {
                        proposals.AddRange((await propose(text, count, stop).ConfigureAwait(false)).Where(one => seen.Add(one.Key)));
                    }
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        return proposals;
    }

    /// <summary>Puts changes back that are not needed.</summary>
    private async Task<FoundText> ShrunkAsync(JudgedText judged, CancellationToken cancellationToken)
    {
        var best = judged;
        while (best.Text.Edits.Count > 1)
        {
            var fewer = best.Text.Edits.Select((_, edit) => best.Text.Without(edit)).ToArray();
            var verdicts = await judge.OfAsync(fewer, cancellationToken).ConfigureAwait(false);
            var smaller = verdicts
                .OfType<JudgedText>()
                .Where(one => one.Verdict is { Changed: true })
                .MinBy(one => one.Verdict!.Value.Margin);
            if (smaller is null)
            {
                return Found(verdicts.All(one => one is not null));
            }

            best = smaller;
        }

        return Found(true);

        FoundText Found(bool isMinimal) => new(best.Text, best.Text.Edits.Count, best.Verdict!.Value.Margin, isMinimal);
    }
}
