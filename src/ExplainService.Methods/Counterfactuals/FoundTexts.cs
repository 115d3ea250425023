namespace ExplainService.Methods.Counterfactuals;

/// <summary>A text that was found.</summary>
/// <param name="Text">The text.</param>
/// <param name="Size">Edits, or units kept: what is to be small.</param>
/// <param name="Margin">How clearly the prediction is what is wanted: the smaller the clearer.</param>
/// <param name="IsMinimal">Nothing of it can be put back; false where that is not known.</param>
internal sealed record FoundText(EditedText Text, int Size, double Margin, bool IsMinimal);

/// <summary>What a search has found so far: each text once, the smallest first.</summary>
/// <param name="wanted">How many are wanted.</param>
internal sealed class FoundTexts(int wanted)
{
    private readonly Dictionary<(string, string?), FoundText> found = [];

    /// <summary>How many there are.</summary>
    public int Count => found.Count;

    /// <summary>
    /// The largest size that would still be of use: below that of the last that is wanted, where there are as many already.
    /// </summary>
    public int MostUseful(int limit) => found.Count < wanted ? limit : Math.Min(limit, Best().Max(one => one.Size) - 1);

    /// <summary>Adds one.</summary>
    public void Add(FoundText text) => found.TryAdd(text.Text.Key, text);

    /// <summary>
    /// Those that are wanted: fewest edits first, of those texts that are changed in other places rather than in other words, then by how
    /// clear they are.
    /// </summary>
    public IReadOnlyList<FoundText> Best() =>
        [
            .. found
                .Values.GroupBy(one => string.Join(' ', one.Text.Edits.Select(edit => (edit.Sequence, edit.Start))))
                .SelectMany(places => places.OrderBy(one => one.Size).ThenBy(one => one.Margin).Select((one, rank) => (one, rank)))
                .OrderBy(one => one.one.Size)
                .ThenBy(one => one.rank)
                .ThenBy(one => one.one.Margin)
                .ThenBy(one => one.one.Text.Text, StringComparer.Ordinal)
                .Take(wanted)
                .Select(one => one.one),
        ];
}
