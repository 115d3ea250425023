using ExplainService.Goldens;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Numerics;
using ExplainService.Methods.Saliency;
using ExplainService.Methods.Shapley;

namespace ExplainService.Api.Tests;

/// <summary>What the methods promise by definition, on real sentences drawn at random.</summary>
public sealed class AxiomTests(Service service) : IClassFixture<Service>
{
    private static readonly string[] Sentences =
    [
        .. File.ReadLines(ReferenceData.PathOf("texts", "sst2.dev.tsv"))
            .Skip(1)
            .Select(line => line.Split('\t')[1].Trim())
            .Where(text => text.Length is > 10 and < 90),
    ];

    public static TheoryData<string> Drawn
    {
        get
        {
            var random = new SeededRandom(20);
            return [.. Enumerable.Range(0, 8).Select(_ => Sentences[random.Next(Sentences.Length)]).Distinct()];
        }
    }

    [Theory]
    [MemberData(nameof(Drawn))]
    public async Task Integrated_gradients_are_complete(string text)
    {
        foreach (var objective in new[] { "logit", "probability" })
        {
            var answer = await service.AskAsync<SaliencyAnswer>(
                "/saliency",
                new
                {
                    text,
                    objective,
                    tolerance = 0.01,
                    max_steps = 1000,
                    baseline = "pad",
                }
            );
            Assert.InRange(answer.CompletenessError!.Value, 0, 0.01);

            // The path ends at f(text) and begins at f(baseline): what the scores add up to is checked against the model itself.
            var empty = await service.AskAsync<ShapAnswer>(
                "/shap",
                new
                {
                    text,
                    objective,
                    algorithm = "kernel",
                    replacement = "pad",
                    max_evaluations = 2,
                    target = new { label = answer.Target!.Label! },
                }
            );
            Assert.Equal(empty.Value - empty.BaseValue, answer.Units.Sum(unit => unit.Score!.Value), 0.011);
        }
    }

    [Fact]
    public async Task Too_few_steps_for_a_complete_sum_say_so()
    {
        const string Text = "it is not a bad film, but neither is it a good one";
        var coarse = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                text = Text,
                objective = "logit",
                steps = 1,
                baseline = "pad",
            }
        );
        Assert.StartsWith("The completeness error is ", coarse.WarningOf("incomplete"), StringComparison.Ordinal);
        var fine = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                text = Text,
                objective = "logit",
                steps = 300,
                baseline = "pad",
            }
        );
        Assert.Empty(fine.Warnings);
    }

    [Theory]
    [MemberData(nameof(Drawn))]
    public async Task Shapley_values_add_up_by_every_estimator(string text)
    {
        foreach (var algorithm in new[] { "auto", "kernel", "permutation", "partition" })
        {
            var answer = await service.AskAsync<ShapAnswer>(
                "/shap",
                new
                {
                    text,
                    algorithm,
                    objective = "logit",
                    max_evaluations = 64,
                    target = new { labels = "all" },
                }
            );
            Assert.All(answer.Labels!, label => Assert.Equal(label.Value!.Value - label.BaseValue!.Value, label.Scores.Sum(), 1e-5));
        }
    }

    [Theory]
    [MemberData(nameof(Drawn))]
    public async Task A_unit_that_changes_nothing_has_no_score(string text)
    {
        // Masking what is a mask already leaves the row as it is.
        var masked = text + " [MASK]";
        foreach (
            var (path, algorithm) in new[] { ("/occlusion", null), ("/shap", "permutation"), ("/shap", "partition"), ("/shap", "exact") }
        )
        {
            var spans = new[] { new[] { 0, 4 }, new[] { 4, text.Length }, new[] { text.Length + 1, masked.Length } };
            var answer = await service.AskAsync<UnitExplanation>(
                path,
                algorithm is null
                    ? new { text = masked, spans }
                    : new
                    {
                        text = masked,
                        spans,
                        algorithm,
                    }
            );
            Assert.Equal(0, answer.Units[2].Score!.Value, 1e-6);
        }
    }

    [Fact]
    public async Task Equal_parts_that_the_model_cannot_tell_apart_have_equal_scores()
    {
        // All but the first unit are masks already: they are equal dummies, and what is left goes to the first.
        var answer = await service.AskAsync<ShapAnswer>("/shap", new { text = "brilliant [MASK] [MASK]", algorithm = "exact" });
        var scores = answer.Units.Select(unit => unit.Score!.Value).ToArray();
        Assert.All(scores[1..], score => Assert.Equal(scores[1], score, 1e-6));
        Assert.Equal(answer.Value - answer.BaseValue, scores[0], 1e-6);
    }
}
