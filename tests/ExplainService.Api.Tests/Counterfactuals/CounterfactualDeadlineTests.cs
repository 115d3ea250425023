using ExplainService.Methods.Counterfactuals;

namespace ExplainService.Api.Tests.Counterfactuals;

/// <summary>When the time is up what was found is the answer; where nothing was, there is none.</summary>
public sealed class CounterfactualDeadlineTests(RowTimedService service) : IClassFixture<RowTimedService>
{
    private const string Text = "a gripping film, but far too long";

    [Fact]
    public async Task What_was_found_until_then_is_the_answer()
    {
        var answer = await service.AskAsync<CounterfactualAnswer>(
            "/counterfactual",
            new
            {
                text = Text,
                count = 20,
                deadline_ms = 110 * RowTimedService.RowMilliseconds,
            }
        );
        Assert.NotEmpty(answer.Counterfactuals);
        Assert.Contains("deadline_passed", answer.WarningCodes);
    }

    [Fact]
    public async Task Nothing_found_until_then_is_no_answer() =>
        Assert.Contains(
            "deadline_ms",
            await service.RefusedFieldsAsync("/counterfactual", new { text = Text, deadline_ms = 6 * RowTimedService.RowMilliseconds }, 504)
        );
}
