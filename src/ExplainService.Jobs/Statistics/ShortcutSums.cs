using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Methods.Numerics;

namespace ExplainService.Jobs.Statistics;

/// <summary>Where in the texts the scores lie.</summary>
internal sealed class ShortcutSums
{
    private const int Parts = 5;

    private readonly RunningSpread special = new();
    private readonly RunningSpread[] units = [.. Enumerable.Range(0, Parts).Select(_ => new RunningSpread())];
    private readonly RunningSpread[] scores = [.. Enumerable.Range(0, Parts).Select(_ => new RunningSpread())];

    /// <summary>One more row, whose answer may have no scores.</summary>
    public void Add(JsonElement line)
    {
        var sizes = Sizes(line, "units").Select(unit => unit.Size).ToArray();
        var total = sizes.Sum();
        if (total <= 0)
        {
            return;
        }

        var (there, size) = (new double[Parts], new double[Parts]);
        foreach (var (place, one) in sizes.Index())
        {
            var part = place * Parts / sizes.Length;
            there[part] += 1.0 / sizes.Length;
            size[part] += one / total;
        }

        for (var part = 0; part < Parts; part++)
        {
            units[part].Add(there[part]);
            scores[part].Add(size[part]);
        }

        AddSpecial(line);
    }

    /// <summary>What they say; null where there are no scores.</summary>
    public ShortcutSummary? Summary() =>
        units[0].Count == 0
            ? null
            : new ShortcutSummary
            {
                Rows = units[0].Count,
                SpecialTokens = special.MeanIfAny,
                Places = [.. units.Zip(scores, (unit, score) => new PlaceShare(unit.Mean, score.Mean))],
            };

    private void AddSpecial(JsonElement line)
    {
        var tokens = Sizes(line, "tokens").ToArray();
        var total = tokens.Sum(token => token.Size);
        if (total > 0 && tokens.Any(token => token.IsSpecial))
        {
            special.Add(tokens.Where(token => token.IsSpecial).Sum(token => token.Size) / total);
        }
    }

    private static IEnumerable<(double Size, bool IsSpecial)> Sizes(JsonElement line, string list) =>
        line.TryGetProperty(list, out var all)
            ? all.EnumerateArray()
                .Where(one => one.TryGetProperty("score", out var score) && score.ValueKind == JsonValueKind.Number)
                .Select(one =>
                    (
                        Math.Abs(one.GetProperty("score").GetDouble()),
                        one.TryGetProperty("special", out var marked) && marked.ValueKind == JsonValueKind.True
                    )
                )
            : [];
}
