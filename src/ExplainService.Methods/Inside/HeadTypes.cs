namespace ExplainService.Methods.Inside;

/// <summary>
/// What an attention head looks at: shares of its attention, means over the tokens that look (Clark et al. 2019, "What Does BERT Look At?";
/// induction: Olsson et al. 2022). A token before the first, or behind the last, is no share of anything.
/// </summary>
internal static class HeadTypes
{
    /// <summary>The shares of one head.</summary>
    /// <param name="map">[tokens × tokens], rows look.</param>
    /// <param name="ids">The tokens.</param>
    /// <param name="special">Which of them were not found in the text.</param>
    public static HeadTypesAnswer Of(ReadOnlySpan<float> map, IReadOnlyList<int> ids, Func<int, bool> special)
    {
        var n = ids.Count;
        double previous = 0,
            next = 0,
            same = 0,
            first = 0,
            separators = 0,
            copies = 0,
            induction = 0,
            entropy = 0;
        for (var query = 0; query < n; query++)
        {
            var row = map.Slice(query * n, n);
            previous += query > 0 ? row[query - 1] : 0;
            next += query < n - 1 ? row[query + 1] : 0;
            same += row[query];
            first += row[0];
            for (var key = 0; key < n; key++)
            {
                double weight = row[key];
                separators += key > 0 && special(key) ? weight : 0;
                copies += key < query && ids[key] == ids[query] ? weight : 0;
                induction += key > 0 && key < query && ids[key - 1] == ids[query] ? weight : 0;
                entropy -= weight > 0 ? weight * Math.Log(weight) : 0;
            }
        }

        return new HeadTypesAnswer(previous / n, next / n, same / n, first / n, separators / n, copies / n, induction / n, entropy / n);
    }
}
