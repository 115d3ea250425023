using ExplainService.Methods.Attention;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>All attention maps of an answer as thumbnails: layers down, heads across.</summary>
public sealed class GridView : IView
{
    private const double Gap = 5;
    private const double LabelWidth = 24;
    private const double MaxThumbnail = 150;

    /// <summary>The most cells of all thumbnails together: keeps the largest models' longest texts to a few megabytes.</summary>
    private const int MaxCells = 1_000_000;

    /// <inheritdoc/>
    public string Name => "grid";

    /// <inheritdoc/>
    public int Fit(Subject subject) => AttentionReading.HasMany(subject.Explanation) ? 40 : 0;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var answer = (AttentionAnswer)subject.Explanation;
        var maps = answer.Attention!;
        var (layers, heads) = (maps.Length, maps.Max(layer => layer.Length));
        var (queries, keys) = (maps[0][0].Length, maps[0][0][0].Length);
        var sheet = new Sheet(options.Width);
        var size = Math.Min(MaxThumbnail, ((sheet.Inner - LabelWidth) / heads) - Gap);
        var cells = Math.Max(1, (int)Math.Min(2 * size, Math.Sqrt(MaxCells / (layers * heads))));
        var largest = maps.SelectMany(layer => layer).Max(map => map.Max(row => row.Max()));
        var scale = new AttentionScale(options.Palette, options.Scale ?? largest);
        var caption = Caption.Of(
            subject,
            $"{layers} layers × {heads} heads of attention between {queries} queries (down) and {keys} keys (across), each map embedded as a small image; "
                + "colour follows the square root of the weight, on one scale for all."
                + (
                    Math.Max(queries, keys) > cells
                        ? $" Each of at most {cells} × {cells} pixels of a map shows the largest weight that it covers."
                        : ""
                ),
            "Attention of every layer and head"
        );
        sheet.Heading(caption);

        sheet.Add(new Label(sheet.Left, sheet.Y + 10, "↓ layer   → head", Sheet.Small, Tone.Faint));
        sheet.Y += 18;
        for (var head = 0; head < heads; head++)
        {
            sheet.Add(
                new Label(
                    sheet.Left + LabelWidth + (head * (size + Gap)) + (size / 2),
                    sheet.Y + 10,
                    Index(answer.Heads, head),
                    Sheet.Small,
                    Tone.Ink
                )
                {
                    Anchor = Anchor.Middle,
                }
            );
        }

        sheet.Y += 16;
        foreach (var (layer, row) in maps.Index())
        {
            sheet.Add(
                new Label(sheet.Left + LabelWidth - 7, sheet.Y + (size / 2) + 4, Index(answer.Layers, layer), Sheet.Small, Tone.Ink)
                {
                    Anchor = Anchor.End,
                }
            );
            foreach (var (head, map) in row.Index())
            {
                sheet.Add(
                    Thumbnail(map, sheet.Left + LabelWidth + (head * (size + Gap)), sheet.Y, size, cells, scale) with
                    {
                        Tip =
                            $"layer {Index(answer.Layers, layer)}, head {Index(answer.Heads, head)}: largest weight {Numbers.Plain(map.Max(weights => weights.Max()))}",
                    }
                );
            }

            sheet.Y += size + Gap;
        }

        sheet.Y += 10;
        scale.Legend(sheet);
        sheet.Remarks(ColourScale.Remarks(largest, options, "Weights").Concat(Caption.Remarks(answer)));
        return sheet.Finish(caption);
    }

    private static Raster Thumbnail(float[][] map, double x, double y, double size, int most, AttentionScale scale)
    {
        var (queries, keys) = (map.Length, map[0].Length);
        var (rows, columns) = (Math.Min(queries, most), Math.Min(keys, most));
        var levels = new byte[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            var (firstQuery, lastQuery) = (row * queries / rows, (row + 1) * queries / rows);
            for (var column = 0; column < columns; column++)
            {
                // The largest rather than the mean: a single strong link must not fade because the picture is small.
                var (firstKey, lastKey) = (column * keys / columns, (column + 1) * keys / columns);
                var largest = 0f;
                for (var query = firstQuery; query < lastQuery; query++)
                {
                    largest = Math.Max(
                        largest,
                        System.Numerics.Tensors.TensorPrimitives.Max(map[query].AsSpan(firstKey, lastKey - firstKey))
                    );
                }

                levels[(row * columns) + column] = scale.Steps.Level(scale.Share(largest));
            }
        }

        return new Raster(x, y, size, size, columns, levels, scale.Steps.Tones);
    }

    private static string Index(IReadOnlyList<int>? indices, int place) => Numbers.Count(indices?[place] ?? place);
}
