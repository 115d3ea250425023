using ExplainService.Methods.Contracts;
using ExplainService.Methods.Occlusion;

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
            from method in CataloguePaths.ScoringUnits
            select ("gpt2-cls", method.Data, granularity),
            .. from granularity in new[] { "word", "sentence", "paragraph" }
            from model in new[] { "roberta-cls", "modernbert-cls" }
            select (model, "/occlusion", granularity),
        ];

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task What_the_model_saw_only_the_space_before_is_no_unit(string model, string path, string granularity)
    {
        const string Space = "\n\n        ";
        var answer = await service.AskAsync<UnitExplanation>(
            path,
            new
            {
                model,
                text = Seen + Space + CutOff,
                overflow = "truncate",
                granularity,
            }
        );
        Assert.InRange(answer.Unseen![0].Start, Seen.Length + 1, Seen.Length + Space.Length - 1);

        // Every token is in a unit all the same, the white space in the last.
        var units = answer.Units.ToArray();
        Assert.Equal(Seen.Length, units[^1].End);
        var tokens = answer.Tokens.Where(token => !token.Special);
        Assert.Equal(tokens.Select(token => token.Index), units.SelectMany(unit => unit.Tokens));
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
            await service.RefusedFieldsAsync(
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
        var answer = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                model = "gpt2-cls",
                text,
                granularity,
            }
        );
        var units = answer.Units.ToArray();
        Assert.All(units.Zip(units.Skip(1)), pair => Assert.InRange(pair.Second.Start, pair.First.End, text.Length));
        Assert.All(units, Check);

        void Check(UnitAnswer unit)
        {
            Assert.Equal(text[unit.Start..unit.End], unit.Text);
            Assert.NotEmpty(unit.Text);
            if (unit.Units is { } inner)
            {
                Assert.All(inner, part => Assert.InRange(part.Start, unit.Start, part.End));
                Assert.All(inner, part => Assert.InRange(part.End, part.Start, unit.End));
                Assert.All(inner, Check);
            }
        }
    }
}
