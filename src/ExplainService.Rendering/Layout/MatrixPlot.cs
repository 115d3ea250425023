using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Layout;

/// <summary>A matrix of numbers with names of its rows and columns.</summary>
/// <param name="Rows">Names of the rows.</param>
/// <param name="Columns">Names of the columns.</param>
/// <param name="Value">The number of a row and a column; NaN: there is none.</param>
/// <param name="Colour">Its colour.</param>
/// <param name="Format">How it is written.</param>
internal sealed record MatrixData(
    IReadOnlyList<string> Rows,
    IReadOnlyList<string> Columns,
    Func<int, int, double> Value,
    Func<double, Tone> Colour,
    Func<double, string> Format
)
{
    /// <summary>What the rows are.</summary>
    public required string RowTitle { get; init; }

    /// <summary>What the columns are.</summary>
    public required string ColumnTitle { get; init; }

    /// <summary>Whether the columns' names are short enough to stand upright.</summary>
    public bool IsUpright { get; init; }

    /// <summary>What is said of a cell that is pointed at; null: its names and its number.</summary>
    public Func<int, int, string>? Tip { get; init; }
}

/// <summary>
/// Draws a matrix: a rectangle a cell, with its number where there is room; as an image where there are too many cells to be told apart by
/// pointing at them.
/// </summary>
internal static class MatrixPlot
{
    /// <summary>The most cells that are drawn one by one.</summary>
    public const int MaxBoxes = 2_500;

    private const double MaxCell = 60;
    private const double TallestMatrix = 1000;
    private const double LabelSize = 12;
    private const double MinLabel = 9;
    private const double MaxLabelLength = 130;
    private static readonly double Lean = Math.Sin(Math.PI / 3);

    /// <summary>Draws it, and moves below it.</summary>
    public static void Draw(Sheet sheet, MatrixData data)
    {
        var rowLabels = Widest(data.Rows);
        var left = sheet.Left + rowLabels + 8;
        var cell = Math.Min(MaxCell, (sheet.Right - left) / (data.Columns.Count + 0.5));
        if (data.Rows.Count * cell > TallestMatrix)
        {
            cell = Math.Max(TallestMatrix / data.Rows.Count, Math.Min(cell, MinLabel));
        }

        var (width, height) = (cell * data.Columns.Count, cell * data.Rows.Count);
        sheet.Add(new Label(sheet.Left, sheet.Y + 11, $"↓ {data.RowTitle}   → {data.ColumnTitle}", Sheet.Small, Tone.Faint));
        var top = sheet.Y + 24 + (data.IsUpright ? LabelSize : Lean * Widest(data.Columns)) + 4;

        if (data.Rows.Count * data.Columns.Count <= MaxBoxes)
        {
            DrawBoxes(sheet, data, left, top, cell);
        }
        else
        {
            sheet.Add(Image(data, left, top, width, height));
        }

        // Names that would overlap are left out, and at equal steps, so that those that stay can be counted on.
        var every = (int)Math.Ceiling((MinLabel + 3) / cell);
        var size = Math.Min(LabelSize, Math.Max(MinLabel, cell * 0.8));
        for (var row = 0; row < data.Rows.Count; row += every)
        {
            var y = top + ((row + 0.5) * cell) + (size * 0.36);
            sheet.Add(
                new Label(left - 6, y, VisibleText.Fit(data.Rows[row], MaxLabelLength, size), size, Tone.Ink) { Anchor = Anchor.End }
            );
        }

        for (var column = 0; column < data.Columns.Count; column += every)
        {
            var (middle, name) = (left + ((column + 0.5) * cell), VisibleText.Fit(data.Columns[column], MaxLabelLength, size));
            sheet.Add(
                data.IsUpright
                    ? new Label(middle, top - 6, name, size, Tone.Ink) { Anchor = Anchor.Middle }
                    : new Label(middle + (size * 0.3), top - 6, name, size, Tone.Ink) { Angle = -60 }
            );
        }

        sheet.Y = top + height + 16;
    }

    /// <summary>Whether all the names of a matrix of this size are shown.</summary>
    public static string HowDrawn(int rows, int columns) =>
        rows * columns <= MaxBoxes
            ? ""
            : " The matrix is embedded as an image, one pixel a cell; names are thinned out where they would overlap.";

    private static void DrawBoxes(Sheet sheet, MatrixData data, double left, double top, double cell)
    {
        // A gap between cells shows their borders; where cells are small it would eat them.
        var gap = cell > 14 ? 1 : 0;
        var numbers = cell >= 36;
        for (var row = 0; row < data.Rows.Count; row++)
        {
            for (var column = 0; column < data.Columns.Count; column++)
            {
                var value = data.Value(row, column);
                if (double.IsNaN(value))
                {
                    continue;
                }

                var (x, y) = (left + (column * cell), top + (row * cell));
                var (colour, text) = (data.Colour(value), data.Format(value));
                var tip =
                    data.Tip?.Invoke(row, column)
                    ?? $"{VisibleText.OneLine(data.Rows[row])} → {VisibleText.OneLine(data.Columns[column])}: {text}";
                Element box = new Box(x, y, cell - gap, cell - gap, colour) { Radius = gap * 2 };
                sheet.Add(
                    numbers
                        ? new Group([
                            box,
                            new Label(x + ((cell - gap) / 2), y + (cell / 2) + 3.5, text, cell > 50 ? 12 : 10.5, colour.InkOn())
                            {
                                Anchor = Anchor.Middle,
                            },
                        ])
                        {
                            Tip = tip,
                        }
                        : box with
                        {
                            Tip = tip,
                        }
                );
            }
        }
    }

    private static Raster Image(MatrixData data, double left, double top, double width, double height)
    {
        var levels = new byte[data.Rows.Count * data.Columns.Count];
        var colours = new Dictionary<Tone, byte>();
        var place = 0;
        for (var row = 0; row < data.Rows.Count; row++)
        {
            for (var column = 0; column < data.Columns.Count; column++)
            {
                var value = data.Value(row, column);
                var colour = double.IsNaN(value) ? Tone.Page : data.Colour(value);
                if (!colours.TryGetValue(colour, out var level))
                {
                    level = colours.Count < 256 ? colours[colour] = (byte)colours.Count : (byte)0;
                }

                levels[place++] = level;
            }
        }

        return new Raster(left, top, width, height, data.Columns.Count, levels, [.. colours.Keys]);
    }

    private static double Widest(IReadOnlyList<string> names) =>
        Math.Min(
            MaxLabelLength,
            names
                .Take(600)
                .Select(name => TextMeasure.Width(VisibleText.OneLine(name.Length > 60 ? name[..60] : name), LabelSize))
                .DefaultIfEmpty(0)
                .Max()
        );
}
