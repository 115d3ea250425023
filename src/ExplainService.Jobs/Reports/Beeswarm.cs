using System.Globalization;
using System.Text;
using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Inputs;
using ExplainService.Methods.Numerics;

namespace ExplainService.Jobs.Reports;

/// <summary>
/// Every score of the strongest words as a point, a line a word, points that would cover each other one above the other (as in SHAP's
/// beeswarm plot). Of frequent words a sample is drawn.
/// </summary>
internal sealed class Beeswarm
{
    private const int Words = 16;
    private const int MostPoints = 120;
    private const double Left = 150;
    private const double Width = 520;
    private const double Line = 26;
    private const double Radius = 2.4;

    private readonly SeededRandom random = new(0);
    private readonly Dictionary<string, Dictionary<string, Points>> labels = new(StringComparer.Ordinal);

    /// <summary>For the strongest of the words that a summary lists.</summary>
    public Beeswarm(IReadOnlyList<LabelWords> words)
    {
        foreach (var label in words)
        {
            labels[label.Label] = label
                .Words.OrderByDescending(word => Math.Abs(word.Mean))
                .Take(Words)
                .OrderByDescending(word => word.Mean)
                .ToDictionary(word => word.Word, word => new Points(word.Mean), StringComparer.Ordinal);
        }
    }

    /// <summary>A line of results.</summary>
    public void Add(JsonElement line)
    {
        if (
            !line.TryGetProperty("units", out var units)
            || RowLabels.Explained(line) is not { } label
            || !labels.TryGetValue(label, out var words)
        )
        {
            return;
        }

        foreach (var unit in units.EnumerateArray())
        {
            if (
                words.TryGetValue(unit.GetProperty("text").GetString()!.ToLowerInvariant(), out var points)
                && unit.TryGetProperty("score", out var score)
                && score.ValueKind == JsonValueKind.Number
            )
            {
                points.Add(score.GetDouble(), random);
            }
        }
    }

    /// <summary>Draws the words of a label; null where there are none.</summary>
    public string? Draw(string label)
    {
        if (!labels.TryGetValue(label, out var words) || words.Count == 0)
        {
            return null;
        }

        var widest = words.Values.SelectMany(points => points.Scores).Select(Math.Abs).DefaultIfEmpty(0).Max();
        if (widest <= 0)
        {
            return null;
        }

        var svg = new StringBuilder();
        var height = (words.Count * Line) + 30;
        Add(
            $"<svg width=\"100%\" viewBox=\"0 0 {Left + Width + 10} {height}\" role=\"img\" aria-label=\"Scores of words, a point each\" style=\"max-width:44rem\">"
        );
        Add($"<line x1=\"{X(0)}\" y1=\"0\" x2=\"{X(0)}\" y2=\"{words.Count * Line}\" stroke=\"#999\"/>");
        foreach (var ((word, points), index) in words.Select((word, index) => (word, index)))
        {
            var middle = (index + 0.5) * Line;
            Add($"<text x=\"{Left - 12}\" y=\"{middle + 4:0.0}\" text-anchor=\"end\">{Html.Text(Short(word))}</text>");
            Add($"<line x1=\"{Left}\" y1=\"{middle:0.0}\" x2=\"{Left + Width}\" y2=\"{middle:0.0}\" stroke=\"#eee\"/>");
            foreach (var (x, offset, isFor) in Placed(points.Scores))
            {
                Add(
                    $"<circle cx=\"{x:0.0}\" cy=\"{middle + offset:0.0}\" r=\"{Radius}\" fill=\"{(isFor ? "#2a6fbb" : "#b5482f")}\" fill-opacity=\".65\"/>"
                );
            }

            Add(
                $"<line x1=\"{X(points.Mean):0.0}\" y1=\"{middle - 9:0.0}\" x2=\"{X(points.Mean):0.0}\" y2=\"{middle + 9:0.0}\" stroke=\"#1c1c1c\" stroke-width=\"1.5\"/>"
            );
        }

        foreach (var tick in new[] { -widest, -widest / 2, 0, widest / 2, widest })
        {
            Add($"<text x=\"{X(tick):0.0}\" y=\"{height - 10}\" text-anchor=\"middle\">{tick:0.00}</text>");
        }

        return svg.Append("</svg>\n").ToString();

        void Add(FormattableString part) => svg.Append(part.ToString(CultureInfo.InvariantCulture));
        double X(double score) => Left + (Width / 2) + (score / widest * Width / 2);
        IEnumerable<(double X, double Offset, bool IsFor)> Placed(IReadOnlyList<double> scores)
        {
            // Places of a point's width; those in one place stand around the line by turns.
            var taken = new Dictionary<int, int>();
            foreach (var score in scores.Order())
            {
                var place = (int)Math.Round(X(score) / (2 * Radius));
                var before = taken.GetValueOrDefault(place);
                taken[place] = before + 1;
                var offset = (before + 1) / 2 * Radius * (before % 2 == 0 ? 1 : -1);
                yield return (X(score), Math.Clamp(offset, -Line / 2.2, Line / 2.2), score >= 0);
            }
        }
    }

    private static string Short(string word) => word.Length <= 20 ? word : word[..19] + "…";

    /// <summary>A sample of a word's scores, each as likely to be in it (reservoir sampling, Vitter 1985).</summary>
    private sealed class Points(double mean)
    {
        private readonly List<double> scores = [];
        private long seen;

        public double Mean => mean;

        public IReadOnlyList<double> Scores => scores;

        public void Add(double score, SeededRandom random)
        {
            seen++;
            if (scores.Count < MostPoints)
            {
                scores.Add(score);
            }
            else if (random.NextDouble() * seen is var place && place < MostPoints)
            {
                scores[(int)place] = score;
            }
        }
    }
}
