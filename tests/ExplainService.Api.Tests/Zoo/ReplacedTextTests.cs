using ExplainService.Methods.Contracts;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>
/// A replaced unit is worth what the text with the unit's characters replaced is worth, wherever the vocabulary keeps the space.
/// </summary>
public sealed class ReplacedTextTests(ZooService service) : IClassFixture<ZooService>
{
    private const double Tolerance = 1e-4;

    public static TheoryData<string, string> Texts() =>
        [
            .. from model in new[] { "gpt2-cls", "roberta-cls", "modernbert-cls", "bert-cls", "albert-cls", "deberta-cls", "t5-s2s" }
            from text in new[] { "good film awful", "the plot (a mess) is \"dull\"" }
            select (model, text),
        ];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_word_replaced_by_a_text_is_worth_what_the_changed_text_is(string model, string text)
    {
        const string Instead = "great acting";
        var answer = await ExplainAsync("/occlusion", model, text, new { text = Instead });
        foreach (var unit in Words(answer))
        {
            Assert.Equal(answer.WholeValue() - await ValueAsync(model, Replaced(text, unit, Instead)), unit.Score!.Value, Tolerance);
        }
    }

    [Theory]
    [InlineData("gpt2-cls")]
    [InlineData("roberta-cls")]
    [InlineData("modernbert-cls")]
    [InlineData("bert-cls")]
    [InlineData("albert-cls")]
    [InlineData("t5-s2s")]
    public async Task A_word_replaced_by_others_of_the_text_is_worth_the_mean_of_the_changed_texts(string model)
    {
        const string Text = "good film awful";
        var answer = await ExplainAsync("/permutation", model, Text);
        var replacements = answer.Units.Select(unit => unit.Text).ToArray();
        foreach (var (index, unit) in Words(answer).Index())
        {
            var values = new List<double>();
            foreach (var replacement in replacements.Where((_, other) => other != index))
            {
                values.Add(await ValueAsync(model, Replaced(Text, unit, replacement)));
            }

            Assert.Equal(answer.WholeValue() - values.Average(), unit.Score!.Value, Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_word_replaced_by_those_of_a_background_is_worth_the_mean_of_the_changed_texts(string model, string text)
    {
        string[] background = ["one", "two others"];
        var answer = await ExplainAsync("/permutation", model, text, background: background);
        foreach (var unit in Words(answer))
        {
            var values = new List<double>();
            foreach (var replacement in background.SelectMany(other => other.Split(' ')))
            {
                values.Add(await ValueAsync(model, Replaced(text, unit, replacement)));
            }

            Assert.Equal(answer.WholeValue() - values.Average(), unit.Score!.Value, Tolerance);
        }
    }

    private static IEnumerable<UnitAnswer> Words(UnitExplanation answer) => answer.Units.Where(unit => char.IsLetter(unit.Text[0]));

    private static string Replaced(string text, UnitAnswer unit, string replacement) => text[..unit.Start] + replacement + text[unit.End..];

    private async Task<double> ValueAsync(string model, string text) => (await ExplainAsync("/occlusion", model, text)).WholeValue();

    private Task<UnitExplanation> ExplainAsync(
        string path,
        string model,
        string text,
        object? replacement = null,
        string[]? background = null
    )
    {
        var request = new Dictionary<string, object>
        {
            ["model"] = model,
            ["text"] = text,
            ["granularity"] = "word",
            ["objective"] = "logit",
            ["target"] = model.EndsWith("-s2s", StringComparison.Ordinal) ? new { token_ids = new[] { 17 } } : new { label = 0 },
        };
        if (replacement is not null)
        {
            request["replacement"] = replacement;
        }

        if (background is not null)
        {
            request["background"] = background;
        }

        return service.AskAsync<UnitExplanation>(path, request);
    }
}
