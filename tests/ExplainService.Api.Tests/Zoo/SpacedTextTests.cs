using System.Text.Json;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>
/// Stretches of white space, of which byte-level vocabularies make tokens of their own: these belong to the unit behind them, or at the end
/// of what the model sees to the one before.
/// </summary>
public sealed class SpacedTextTests(ZooService service) : IClassFixture<ZooService>
{
    // The limit of 96 tokens is inside the white space for each of the models.
    private static readonly string Seen = "Oh.\n\n" + string.Concat(Enumerable.Repeat("a ", 82)) + "b.";

    private static readonly string CutOff = string.Concat(Enumerable.Repeat("Next one goes here and on and on ", 8));

    public static TheoryData<string, string, string> Requests() =>
        [
            .. from granularity in new[] { "word", "sentence", "paragraph" }
            from path in new[] { "/lime", "/saliency", "/occlusion", "/shap", "/permutation" }
            select ("gpt2-cls", path, granularity),
            .. from granularity in new[] { "word", "sentence", "paragraph" }
            from model in new[] { "roberta-cls", "modernbert-cls" }
            select (model, "/occlusion", granularity),
        ];

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task What_the_model_saw_only_the_space_before_is_no_unit(string model, string path, string granularity)
    {
        const string Space = "\n\n        ";
        var answer = await service.AskAsync(
            path,
            new
            {
                model,
                text = Seen + Space + CutOff,
                overflow = "truncate",
                granularity,
            }
        );
        Assert.InRange(answer.GetProperty("unseen")[0].GetProperty("start").GetInt32(), Seen.Length + 1, Seen.Length + Space.Length - 1);

        // Every token is in a unit all the same, the white space in the last.
        var units = answer.GetProperty("units").EnumerateArray().ToArray();
        Assert.Equal(Seen.Length, End(units[^1]));
        var tokens = answer.GetProperty("tokens").EnumerateArray().Where(token => !token.GetProperty("special").GetBoolean());
        Assert.Equal(
            tokens.Select(token => token.GetProperty("index").GetInt32()),
            units.SelectMany(unit => unit.GetProperty("tokens").EnumerateArray().Select(token => token.GetInt32()))
        );
    }

    [Fact]
    public async Task A_span_that_the_model_saw_nothing_of_is_refused()
    {
        var text = Seen + new string(' ', 10) + CutOff;
        int[][] spans =
        [
            [0, 2],
            [Seen.Length + 10, Seen.Length + 14],
        ];
        Assert.Equal(
            ["spans[1]"],
            await service.RefuseAsync(
                "/occlusion",
                new
                {
                    model = "gpt2-cls",
                    text,
                    overflow = "truncate",
                    spans,
                }
            )
        );
    }

    [Theory]
    [InlineData("One two.    Next one.", "sentence", "token")]
    [InlineData("One two.    Next one.", "word", "token")]
    [InlineData("  One two.    Next one.   ", "sentence", "word", "token")]
    public async Task Units_are_inside_the_unit_that_lists_them(string text, params string[] granularity)
    {
        var answer = await service.AskAsync(
            "/occlusion",
            new
            {
                model = "gpt2-cls",
                text,
                granularity,
            }
        );
        var units = answer.GetProperty("units").EnumerateArray().ToArray();
        Assert.All(units.Zip(units.Skip(1)), pair => Assert.InRange(Start(pair.Second), End(pair.First), text.Length));
        Assert.All(units, Check);

        void Check(JsonElement unit)
        {
            Assert.Equal(text[Start(unit)..End(unit)], unit.GetProperty("text").GetString());
            Assert.NotEmpty(unit.GetProperty("text").GetString()!);
            if (unit.TryGetProperty("units", out var inner))
            {
                Assert.All(inner.EnumerateArray(), part => Assert.InRange(Start(part), Start(unit), End(part)));
                Assert.All(inner.EnumerateArray(), part => Assert.InRange(End(part), Start(part), End(unit)));
                Assert.All(inner.EnumerateArray(), Check);
            }
        }
    }

    private static int Start(JsonElement unit) => unit.GetProperty("start").GetInt32();

    private static int End(JsonElement unit) => unit.GetProperty("end").GetInt32();
}
