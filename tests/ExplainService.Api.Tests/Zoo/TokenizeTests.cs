using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Methods.Predictions;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>
/// The tokenizers' golden files through <c>/tokenize</c>: blank texts and pairs have tokens too, whatever the model does with them.
/// </summary>
public sealed class TokenizeTests(ZooService service) : IClassFixture<ZooService>
{
    [Theory]
    [InlineData("bert-cls", "bert-uncased")]
    [InlineData("bert-ner", "bert-cased")]
    [InlineData("gpt2-lm", "gpt2")]
    [InlineData("llama-lm", "llama")]
    [InlineData("qwen3-lm", "llama3")]
    [InlineData("bart-s2s", "roberta")]
    public async Task Tokens_are_those_of_the_golden_file(string model, string family)
    {
        foreach (var expected in ReferenceData.Json("tokenizers", family, "golden.json").RootElement.EnumerateArray())
        {
            var pair = expected.TryGetProperty("pair", out var second) ? second.GetString() : null;
            var answer = await service.AskAsync<TokenizeAnswer>(
                "/tokenize",
                new
                {
                    model,
                    text = expected.GetProperty("text").GetString(),
                    pair,
                    offset_unit = "codepoint",
                }
            );
            // The models take 96: all tokens come all the same, so that they can be counted.
            var length = expected.GetProperty("ids").GetArrayLength();
            Assert.Equal(
                length > 96,
                answer.Warnings.Any(warning =>
                    warning == FormattableString.Invariant($"The text has {length} tokens and the model takes 96.")
                )
            );
            var tokens = answer.Tokens.ToArray();
            Assert.Equal(Integers(expected.GetProperty("ids")), tokens.Select(token => token.Id));
            Assert.Equal(
                expected.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()),
                tokens.Select(token => token.Token)
            );
            Assert.Equal(Integers(expected.GetProperty("special")), tokens.Select(token => token.Special ? 1 : 0));
            Assert.Equal(
                expected.GetProperty("offsets").EnumerateArray().SelectMany(Integers),
                tokens.SelectMany(token => new[] { token.Start, token.End })
            );
        }
    }

    [Fact]
    public async Task A_text_over_the_limit_does_what_its_overflow_says()
    {
        const string Model = "bert-cls";
        var text = string.Concat(Enumerable.Repeat("fun ", 200));

        Assert.Equal(
            ["text"],
            await service.RefusedFieldsAsync(
                "/tokenize",
                new
                {
                    model = Model,
                    text,
                    overflow = "error",
                }
            )
        );
        var truncated = await service.AskAsync<TokenizeAnswer>(
            "/tokenize",
            new
            {
                model = Model,
                text,
                overflow = "truncate",
            }
        );
        Assert.Equal(96, truncated.Tokens.Count);
        var windows = await service.AskAsync<TokenizeAnswer>(
            "/tokenize",
            new
            {
                model = Model,
                text,
                overflow = "window",
            }
        );
        Assert.Equal(202, windows.Tokens.Count);
        Assert.Equal(
            "The text has 202 tokens and the model takes 96. It would be read in 3 overlapping windows.",
            Assert.Single(windows.Warnings)
        );
    }

    [Theory]
    [MemberData(nameof(CataloguePaths.NeedingAPrediction), MemberType = typeof(CataloguePaths))]
    public async Task A_blank_text_has_tokens_but_nothing_to_explain(string path)
    {
        Assert.Equal(["text"], await service.RefusedFieldsAsync(path, new { model = "bert-cls", text = " \n" }, 400));
        Assert.Equal(
            ["pair"],
            await service.RefusedFieldsAsync(
                path,
                new
                {
                    model = "gpt2-lm",
                    text = "a film",
                    pair = "another",
                }
            )
        );
    }

    [Fact]
    public async Task No_text_at_all_is_still_malformed() =>
        Assert.Equal(["text"], await service.RefusedFieldsAsync("/tokenize", new { model = "bert-cls", text = (string?)null }, 400));

    private static IEnumerable<int> Integers(JsonElement list) => list.EnumerateArray().Select(item => item.GetInt32());
}
