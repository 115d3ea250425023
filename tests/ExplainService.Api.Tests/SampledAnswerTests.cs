using ExplainService.Methods.Contracts;
using ExplainService.Methods.Lime;
using ExplainService.Methods.Shapley;

namespace ExplainService.Api.Tests;

/// <summary>
/// Every sampled answer carries evaluations used, the seed and a standard error for each of its units (methods.md, Black box).
/// </summary>
public sealed class SampledAnswerTests(Service service) : IClassFixture<Service>
{
    private const string Text = "A gripping, funny film! But the end is dull. I liked it.";

    public static TheoryData<string, string> Sampled =>
        new()
        {
            { "/shap", """ "algorithm": "kernel", "max_evaluations": 60 """ },
            { "/shap", """ "algorithm": "permutation", "max_evaluations": 60 """ },
            { "/lime", """ "samples": 60 """ },
            { "/permutation", """ "samples": 3 """ },
            { "/saliency", """ "method": "smooth_grad", "samples": 4 """ },
            { "/saliency", """ "method": "smooth_grad", "of": "input_x_gradient", "samples": 4 """ },
            { "/saliency", """ "method": "gradient_shap", "samples": 4 """ },
            { "/saliency", """ "method": "gradient_shap", "samples": 4, "granularity": ["sentence", "word"] """ },
        };

    [Theory]
    [MemberData(nameof(Sampled))]
    public async Task Units_of_a_sampled_answer_have_standard_errors(string path, string options)
    {
        var answer = await service.AskAsync<UnitExplanation>(path, $$"""{"text": "{{Text}}", "target": {"labels": "all"}, {{options}}}""");
        Assert.True(answer.Evaluations > 0);
        Assert.Equal(0, answer.Seed);
        var units = answer.Units.ToArray();
        var errors = units.Select(unit => unit.StandardError!.Value).ToArray();
        Assert.Contains(errors, error => error > 0);
        Assert.All(
            units.Where(unit => unit.Units is not null).SelectMany(unit => unit.Units!),
            inner => Assert.True(inner.StandardError!.Value >= 0)
        );
        Assert.All(answer.Labels!, label => Assert.Equal(units.Length, label.StandardErrors!.Count));
    }

    [Theory]
    [InlineData("kernel", 2)]
    [InlineData("kernel", 4)]
    [InlineData("permutation", 2)]
    [InlineData("permutation", 6)]
    public async Task Too_few_evaluations_to_judge_by_have_no_standard_error_and_the_answer_says_what_would_do(string algorithm, int budget)
    {
        var answer = await service.AskAsync<ShapAnswer>(
            "/shap",
            new
            {
                text = Text,
                algorithm,
                max_evaluations = budget,
                target = new { labels = "all" },
            }
        );
        var units = answer.Units.ToArray();
        Assert.All(units, unit => Assert.Null(unit.StandardError));
        Assert.All(answer.Labels!, label => Assert.Null(label.StandardErrors));
        Assert.StartsWith(
            $"{budget} evaluations for {units.Length} units tell few of them apart, which takes {2 * units.Length} at least.",
            answer.WarningOf("few_evaluations"),
            StringComparison.Ordinal
        );
        var enough = await service.AskAsync<ShapAnswer>(
            "/shap",
            new
            {
                text = Text,
                algorithm,
                max_evaluations = 2 * units.Length,
            }
        );
        Assert.All(enough.Units, unit => Assert.True(unit.StandardError!.Value > 0));
        Assert.Empty(enough.Warnings);
    }

    [Theory]
    [InlineData(Text, "Raise samples or kernel_width")]
    [InlineData("not dull", "Raise kernel_width")]
    public async Task A_kernel_so_narrow_that_no_sample_weighs_has_no_standard_error_and_the_answer_says_so(string text, string remedy)
    {
        var answer = await service.AskAsync<LimeAnswer>(
            "/lime",
            new
            {
                text,
                samples = 60,
                kernel_width = 0.001,
                target = new { labels = "all" },
            }
        );
        Assert.All(answer.Units, unit => Assert.Null(unit.StandardError));
        var warning = Assert.Single(answer.Warnings);
        Assert.Equal(["penalty_decides"], answer.WarningCodes);
        Assert.Contains("worth 1.0 of equal weight", warning, StringComparison.Ordinal);
        Assert.Contains("the ridge penalty alone decides the scores. " + remedy, warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_is_left_to_chance_the_standard_errors_are_zero()
    {
        foreach (var (path, options) in new[] { ("/lime", ""), ("/permutation", ""), ("/shap", ", \"algorithm\": \"kernel\"") })
        {
            var answer = await service.AskAsync<UnitExplanation>(path, $$"""{"text": "not a dull film"{{options}}}""");
            Assert.All(answer.Units, unit => Assert.Equal(0, unit.StandardError!.Value));
        }
    }

    [Fact]
    public async Task A_surrogate_says_what_the_text_is_worth_without_any_unit()
    {
        var surrogate = await service.AskAsync<LimeAnswer>("/lime", new { text = Text, samples = 60 });
        var shapley = await service.AskAsync<ShapAnswer>("/shap", new { text = Text, max_evaluations = 60 });
        Assert.Equal(shapley.BaseValue, surrogate.BaseValue!.Value, 1e-6);
        Assert.Equal(shapley.Value, surrogate.Value, 1e-6);
    }

    [Theory]
    [InlineData("dull")]
    [InlineData("not dull")]
    [InlineData("not a dull film")]
    public async Task The_surrogate_of_a_short_text_has_the_size_of_what_its_words_do(string text)
    {
        var answer = await service.AskAsync<LimeAnswer>("/lime", new { text });
        var unpenalised = await service.AskAsync<LimeAnswer>("/lime", new { text, alpha = 0 });
        Assert.All(
            answer.Units.Zip(unpenalised.Units),
            pair => Assert.InRange(pair.First.Score!.Value / pair.Second.Score!.Value, 0.9, 1.1)
        );
        Assert.Empty(answer.Warnings);
    }

    [Fact]
    public async Task The_surrogate_of_a_short_sentence_inside_a_text_has_the_size_of_what_its_words_do()
    {
        var answer = await WordsAsync(alpha: 1);
        var unpenalised = await WordsAsync(alpha: 0);
        var largest = unpenalised.Max(Math.Abs);
        Assert.All(answer.Zip(unpenalised), pair => Assert.InRange(Math.Abs(pair.First - pair.Second) / largest, 0, 0.1));

        async Task<double[]> WordsAsync(double alpha)
        {
            var found = await service.AskAsync<LimeAnswer>(
                "/lime",
                new
                {
                    text = Text,
                    granularity = new[] { "sentence", "word" },
                    alpha,
                    objective = "logit",
                }
            );
            return [.. found.Units.SelectMany(unit => unit.Units!).Select(unit => unit.Score!.Value)];
        }
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(400, false)]
    public async Task A_surrogate_that_its_penalty_makes_small_says_so(int samples, bool expected)
    {
        var answer = await service.AskAsync<LimeAnswer>("/lime", new { text = "not dull", samples });
        Assert.Equal(expected, answer.WarningCodes.Contains("penalty_shrinks"));
    }
}
