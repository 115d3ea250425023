using System.Runtime.CompilerServices;
using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Methods.Coalitions;
using Xunit;

namespace ExplainService.Tests.Methods.Shapley;

/// <summary>A game given as a function, which counts, and refuses what no estimator may do: to ask for a coalition twice.</summary>
public sealed class FunctionGame(int players, int outputs, Func<Coalition, double[]> value) : ICoalitionGame
{
    private readonly HashSet<Coalition> asked = [];

    public int Players => players;

    public int Outputs => outputs;

    public int Evaluations => asked.Count;

    /// <summary>Whether values come later, as a model's do. Where they do not, an estimate is one call on one thread.</summary>
    public bool Suspends { get; set; } = true;

    public IReadOnlyCollection<Coalition> Asked => asked;

    /// <summary>A game of one output, by the bit mask of the present players.</summary>
    public static FunctionGame OfTable(int players, double[] values) => new(players, 1, coalition => [values[Mask(coalition)]]);

    /// <summary>The reference games of at least so many players, with their names and exact scores.</summary>
    public static IEnumerable<(string Name, int Players, double[] Values, double[] Scores)> References(int atLeast)
    {
        foreach (var file in Directory.GetFiles(ReferenceData.PathOf("goldens", "shapley-games"), "*.json").Order(StringComparer.Ordinal))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var players = document.RootElement.GetProperty("players").GetInt32();
            if (players >= atLeast)
            {
                yield return (Path.GetFileNameWithoutExtension(file), players, Numbers("values_by_coalition_bitmask"), Numbers("shapley"));
            }

            double[] Numbers(string name) =>
                [.. document.RootElement.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];
        }
    }

    public double[] ValueOf(Coalition coalition) => value(coalition);

    public static int Mask(Coalition coalition)
    {
        var mask = 0;
        for (var i = 0; i < coalition.Players; i++)
        {
            mask |= coalition[i] ? 1 << i : 0;
        }

        return mask;
    }

    public async IAsyncEnumerable<double[]> EvaluateAsync(
        IEnumerable<Coalition> coalitions,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (Suspends)
        {
            await Task.Yield();
        }

        foreach (var coalition in coalitions)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Assert.Equal(players, coalition.Players);
            Assert.True(asked.Add(coalition), "A coalition was asked for twice.");
            yield return value(coalition);
        }
    }
}
