using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Lime;
using ExplainService.Methods.Numerics;
using ExplainService.Methods.Shapley;

namespace ExplainService.Benchmarks;

/// <summary>
/// How far from the exact values every estimator is, per evaluation spent, on the reference games; and how long it thinks.
/// </summary>
public static class ShapleyGames
{
    private const int FewestPlayers = 7;
    private const int Seeds = 5;
    private const int CoverageSeeds = 20;
    private static readonly int[] Budgets = [64, 128, 256, 512];

    // Median relative L2 errors of docs/methods.md, measured over seven texts of 7 to 11 words.
    private static readonly (string Name, double[] Errors)[] Peers =
    [
        ("SHAP Kernel", [0.107, 0.060, 0.043, 0.030]),
        ("SHAP Permutation", [0.177, 0.112, 0.091, 0.062]),
        ("Captum KernelShap", [0.255, 0.159, 0.129, 0.091]),
        ("Captum ShapleyValueSampling", [0.239, 0.150, 0.096, 0.070]),
    ];

    /// <summary>Writes the tables.</summary>
    public static async Task PrintAsync(TextWriter writer)
    {
        var games = Games().ToArray();
        await Row(
            writer,
            $"median relative L2 error, {games.Length} games, {Seeds} seeds",
            Budgets.Select(budget => budget.ToString(CultureInfo.InvariantCulture))
        );
        foreach (var algorithm in Enum.GetValues<ShapAlgorithm>().Where(one => one != ShapAlgorithm.Exact))
        {
            await Row(writer, EnumNames.Of(algorithm), await ErrorsAsync(games, algorithm));
        }

        var longest = games.Where(game => game.Players == games.Max(other => other.Players)).ToArray();
        await Row(writer, $"kernel, {longest[0].Players} words only", await ErrorsAsync(longest, ShapAlgorithm.Kernel));
        foreach (var (name, errors) in Peers)
        {
            await Row(writer, name + " (7 texts)", errors.Select(Figure));
        }

        foreach (var algorithm in new[] { ShapAlgorithm.Kernel, ShapAlgorithm.Permutation })
        {
            await Row(
                writer,
                EnumNames.Of(algorithm) + ": 95 % intervals that hold the exact value",
                await CoveragesAsync(games, algorithm)
            );
        }

        await Row(writer, "LIME, 500 samples: median Spearman with exact", [Figure(await AgreementAsync(games))]);
        foreach (var players in new[] { 25, 128 })
        {
            await Row(writer, $"own time of kernel, {players} units, 500 evaluations (ms)", [Figure(await OwnTimeAsync(players))]);
        }
    }

    private static async Task<List<string>> ErrorsAsync((int Players, double[] Values, double[] Scores)[] games, ShapAlgorithm algorithm)
    {
        var row = new List<string>();
        foreach (var budget in Budgets)
        {
            var errors = new List<double>();
            foreach (var (players, values, scores) in games)
            {
                for (var seed = 0; seed < Seeds; seed++)
                {
                    var options = new ShapleyOptions { MaxEvaluations = budget, Seed = seed };
                    var estimate = await ShapleyEstimators.EstimateAsync(algorithm, new TableGame(players, values), options);
                    var error = estimate.Scores[0].Zip(scores, (found, exact) => (found - exact) * (found - exact)).Sum();
                    errors.Add(Math.Sqrt(error / scores.Sum(score => score * score)));
                }
            }

            row.Add(Figure(Median(errors)));
        }

        return row;
    }

    /// <summary>Of games that a budget does not count out: how often score ± 1.96 standard errors has the exact value.</summary>
    private static async Task<List<string>> CoveragesAsync((int Players, double[] Values, double[] Scores)[] games, ShapAlgorithm algorithm)
    {
        var row = new List<string>();
        foreach (var budget in Budgets)
        {
            var (inside, all) = (0, 0);
            foreach (var (players, values, scores) in games.Where(game => 1 << game.Players > budget))
            {
                for (var seed = 0; seed < CoverageSeeds; seed++)
                {
                    var options = new ShapleyOptions { MaxEvaluations = budget, Seed = seed };
                    var estimate = await ShapleyEstimators.EstimateAsync(algorithm, new TableGame(players, values), options);
                    all += players;
                    inside += scores
                        .Where((exact, i) => Math.Abs(estimate.Scores[0][i] - exact) <= 1.96 * estimate.StandardErrors![0][i])
                        .Count();
                }
            }

            row.Add(Figure((double)inside / all));
        }

        return row;
    }

    private static async Task<double> AgreementAsync((int Players, double[] Values, double[] Scores)[] games)
    {
        var agreements = new List<double>();
        foreach (var (players, values, scores) in games)
        {
            var estimate = await LimeEstimator.EstimateAsync(new TableGame(players, values), new LimeOptions { Samples = 500 });
            agreements.Add(RankCorrelation.Spearman(estimate.Scores[0], scores));
        }

        return Median(agreements);
    }

    private static async Task<double> OwnTimeAsync(int players)
    {
        var times = new List<double>();
        for (var run = 0; run < 9; run++)
        {
            var watch = Stopwatch.StartNew();
            await KernelShapley.EstimateAsync(new TableGame(players, null), new ShapleyOptions { MaxEvaluations = 500, Seed = run });
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        return Median(times);
    }

    private static IEnumerable<(int Players, double[] Values, double[] Scores)> Games()
    {
        foreach (var file in Directory.GetFiles(ReferenceData.PathOf("goldens", "shapley-games"), "*.json").Order(StringComparer.Ordinal))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var players = document.RootElement.GetProperty("players").GetInt32();
            if (players >= FewestPlayers)
            {
                yield return (players, Numbers("values_by_coalition_bitmask"), Numbers("shapley"));
            }

            double[] Numbers(string name) =>
                [.. document.RootElement.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];
        }
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }

    private static string Figure(double value) => value.ToString(value < 10 ? "0.0000" : "0", CultureInfo.InvariantCulture);

    private static Task Row(TextWriter writer, string name, IEnumerable<string> cells) =>
        writer.WriteLineAsync($"| {name, -58} | {string.Join(" | ", cells.Select(cell => cell.PadLeft(7)))} |");

    // With a table its values; without one a saturating sum of units, for sizes that have no table.
    private sealed class TableGame(int players, double[]? values) : ICoalitionGame
    {
        public int Players => players;

        public int Outputs => 1;

        public async IAsyncEnumerable<double[]> EvaluateAsync(
            IEnumerable<Coalition> coalitions,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
        )
        {
            await Task.CompletedTask;
            foreach (var coalition in coalitions)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var (mask, sum) = (0, 0.0);
                for (var i = 0; i < players; i++)
                {
                    mask |= values is not null && coalition[i] ? 1 << i : 0;
                    sum += coalition[i] ? Math.Sin(i * i) : 0;
                }

                yield return [values is null ? Math.Tanh(sum) : values[mask]];
            }
        }
    }
}
