using ExplainService.Methods.Attention;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>
/// Attention as lines from the tokens that attend (left) to those that are attended to (right), as BertViz draws it (Vig 2019).
/// </summary>
public sealed class HeadsView : IView
{
    /// <summary>The most lines: the strongest are kept.</summary>
    private const int MaxLines = 3_000;

    /// <summary>The weakest line beside the strongest: fainter ones are not seen.</summary>
    private const double Faintest = 0.02;

    private const double NameWidth = 150;

    /// <inheritdoc/>
    public string Name => "heads";

    /// <inheritdoc/>
    public int Fit(Subject subject) => AttentionReading.HasMaps(subject.Explanation) ? 10 : 0;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var answer = (AttentionAnswer)subject.Explanation;
        var map = AttentionReading.Choose(subject, options);
        var (queries, keys) = (map.Weights.Length, map.Weights[0].Length);
        var links = Links(map);
        var caption = Caption.Of(
            subject,
            $"Lines from {queries} attending tokens on the left to {keys} attended tokens on the right; the stronger a line, the larger the weight. "
                + $"The {links.Count} strongest of {queries * keys} weights are drawn.",
            answer.Attention is null ? null : "Attention: " + char.ToLowerInvariant(map.Name[0]) + map.Name[1..]
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);

        var rowHeight = Math.Clamp(2000.0 / Math.Max(queries, keys), 11, 22);
        var size = Math.Min(13, rowHeight * 0.75);
        var gap = Math.Min(sheet.Inner - (2 * NameWidth), 420);
        var left = (sheet.Width - gap) / 2;
        var right = left + gap;
        sheet.Add(new Label(left - 8, sheet.Y + 8, "attends", Sheet.Small, Tone.Faint) { Anchor = Anchor.End });
        sheet.Add(new Label(right + 8, sheet.Y + 8, "attended to", Sheet.Small, Tone.Faint));
        var top = sheet.Y + 20;
        var (queryNames, keyNames) = (
            AttentionReading.Names(subject, queries, ofKeys: false),
            AttentionReading.Names(subject, keys, ofKeys: true)
        );
        foreach (var (query, key, weight) in links)
        {
            var share = Math.Min(1, weight / (options.Scale ?? map.Largest));
            sheet.Add(
                new Line(left, Middle(query), right, Middle(key), options.Palette.Weight)
                {
                    Opacity = Math.Round(Math.Sqrt(share), 2),
                    Width = Math.Round(0.6 + (2.2 * share), 1),
                    Tip = $"{VisibleText.OneLine(queryNames[query])} → {VisibleText.OneLine(keyNames[key])}: {Numbers.Plain(weight)}",
                }
            );
        }

        Names(queryNames, left - 8, Anchor.End);
        Names(keyNames, right + 8, Anchor.Start);
        sheet.Y = top + (rowHeight * Math.Max(queries, keys)) + 8;
        sheet.Remarks(
            ColourScale
                .Remarks(map.Largest, options, "Weights")
                .Concat(Caption.Remarks(answer))
                .Prepend(
                    FormattableString.Invariant(
                        $"Opacity follows the square root of the weight; the strongest is {Numbers.Plain(map.Largest)}."
                    )
                )
        );
        return sheet.Finish(caption);

        double Middle(int place) => top + ((place + 0.5) * rowHeight);

        void Names(IReadOnlyList<string> names, double x, Anchor anchor)
        {
            foreach (var (place, name) in names.Index())
            {
                sheet.Add(
                    new Label(x, Middle(place) + (size * 0.36), VisibleText.Fit(name, NameWidth - 12, size), size, Tone.Ink)
                    {
                        Anchor = anchor,
                    }
                );
            }
        }
    }

    /// <summary>The weights that are drawn, weakest first, so that strong lines lie on top.</summary>
    private static List<(int Query, int Key, double Weight)> Links(AttentionMap map)
    {
        var least = map.Largest * Faintest;
        return
        [
            .. map
                .Weights.SelectMany((row, query) => row.Select((weight, key) => (Query: query, Key: key, Weight: (double)weight)))
                .Where(link => link.Weight >= least)
                .OrderByDescending(link => link.Weight)
                .Take(MaxLines)
                .Reverse(),
        ];
    }
}
