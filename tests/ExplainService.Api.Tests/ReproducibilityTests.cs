using System.Text.Json;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Permutation;
using ExplainService.Methods.Shapley;

namespace ExplainService.Api.Tests;

/// <summary>The same request has the same answer whatever else the service is doing.</summary>
public sealed class ReproducibilityTests
{
    /// <summary>What the batch that a row was in may change of a score; see docs/api.md.</summary>
    private const double Tolerance = 2e-5;

    private const string Text = "The service was slow, the food was cold, and yet we will come back because the people are kind.";

    [Theory]
    [InlineData("/shap", """{"algorithm": "kernel", "max_evaluations": 120}""")]
    [InlineData("/shap", """{"algorithm": "permutation", "max_evaluations": 120}""")]
    [InlineData("/shap", """{"algorithm": "partition", "max_evaluations": 80}""")]
    [InlineData("/lime", """{"samples": 100}""")]
    [InlineData("/permutation", """{"samples": 4}""")]
    public async Task A_request_under_load_is_answered_as_it_is_alone(string path, string options)
    {
        var request = JsonSerializer.Deserialize<Dictionary<string, object>>(options)!;
        (request["text"], request["seed"]) = (Text, 11);
        UnitExplanation alone,
            again,
            loaded;

        // Services of their own: nothing of one run is remembered in the other.
        await using (var service = new Service())
        {
            alone = await service.AskAsync<UnitExplanation>(path, request);
            again = await service.AskAsync<UnitExplanation>(path, request);
        }

        await using (var service = new Service())
        {
            using var enough = new CancellationTokenSource();
            var others = Enumerable.Range(0, 3).Select(client => LoadAsync(service, client, enough.Token)).ToArray();
            loaded = await service.AskAsync<UnitExplanation>(path, request);
            await enough.CancelAsync();
            await Task.WhenAll(others);
        }

        Assert.Equal(alone.Units.Scores(), again.Units.Scores());
        Assert.Equal(alone.Evaluations, loaded.Evaluations);
        Assert.Equal(alone.Units.Scores(), loaded.Units.Scores(), (a, b) => Math.Abs(a - b) <= Tolerance);
    }

    [Fact]
    public async Task A_seed_has_64_bits()
    {
        await using var service = new Service();
        foreach (var seed in new[] { 1_795_824_000_000, (1L << 32) + 11, long.MaxValue, -1 })
        {
            var answer = await service.AskAsync<PermutationAnswer>(
                "/permutation",
                new
                {
                    text = Text,
                    samples = 1,
                    seed,
                }
            );
            Assert.Equal(seed, answer.Seed);
        }

        // Not that of its lower half.
        var wide = await service.AskAsync<PermutationAnswer>(
            "/permutation",
            new
            {
                text = Text,
                samples = 1,
                seed = (1L << 32) + 11,
            }
        );
        var narrow = await service.AskAsync<PermutationAnswer>(
            "/permutation",
            new
            {
                text = Text,
                samples = 1,
                seed = 11,
            }
        );
        Assert.NotEqual(narrow.Units.Scores(), wide.Units.Scores());
    }

    private static async Task LoadAsync(Service service, int client, CancellationToken enough)
    {
        for (var turn = 0; !enough.IsCancellationRequested; turn++)
        {
            await service.AskAsync<ShapAnswer>(
                "/shap",
                new
                {
                    text = $"another text number {client} of turn {turn}, "
                        + string.Join(' ', Enumerable.Repeat("longer", (client * 7) + (turn % 5))),
                    max_evaluations = 60,
                }
            );
        }
    }
}
