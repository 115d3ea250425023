using System.Text.Json;
using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>Every view as a command, as numbers, as a link, as a picture.</summary>
[Collection(typeof(InBrowser))]
public sealed class TakeAlongTests(BrowserFixture browser)
{
    [Fact]
    public async Task The_copied_command_is_the_request_of_the_view()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion", "it's not bad");
        await PressAsync(explorer, "Copy as curl");
        var command = await ClipboardAsync(explorer);

        Assert.StartsWith(
            $"curl -s '{browser.Address.AbsoluteUri}occlusion' -H 'content-type: application/json' -d '",
            command,
            StringComparison.Ordinal
        );
        var body = command[(command.IndexOf("-d '", StringComparison.Ordinal) + 4)..^1].Replace("'\\''", "'", StringComparison.Ordinal);
        Assert.Equal("it's not bad", JsonDocument.Parse(body).RootElement.GetProperty("text").GetString());
    }

    [Fact]
    public async Task The_copied_JSON_is_the_answer()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion", "not bad");
        await PressAsync(explorer, "Copy JSON");
        var copied = JsonDocument.Parse(await ClipboardAsync(explorer)).RootElement;
        var answer = await browser.AskAsync("/occlusion", new { text = "not bad" });
        Assert.Equal(answer.GetProperty("units").GetRawText(), JsonSerializer.Serialize(copied.GetProperty("units")));
    }

    [Fact]
    public async Task A_link_reopens_the_view()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("occlusion", "not bad at all, my friend");
        await explorer.Word("friend").ClickAsync();
        await explorer.Panel.Locator("[name=replacement]").SelectOptionAsync("delete");
        await explorer.Panel.Locator("[name=window]").FillAsync("2");
        await explorer.Panel.Locator(".windows").WaitForAsync();
        await explorer.SettledAsync();
        var scores = await explorer.ScoresAsync();
        await PressAsync(explorer, "Copy link");
        var link = await ClipboardAsync(explorer);

        await using var other = await browser.NewPageAsync();
        await other.Page.GotoAsync(link);
        await other.Panel.Locator(".windows").WaitForAsync();
        await other.SettledAsync();
        await other.AssertScoresAsync(scores);
        await Assertions.Expect(other.Word("friend")).ToHaveAttributeAsync("aria-pressed", "true");
        Assert.Equal("delete", await other.Panel.Locator("[name=replacement]").InputValueAsync());
    }

    [Theory]
    [InlineData("occlusion", "text", "Download SVG", "<svg")]
    [InlineData("shapley", "waterfall", "Download SVG", "<svg")]
    [InlineData("attention", "heads", "Download PNG", "PNG")]
    public async Task Pictures_are_the_services_own(string tab, string view, string button, string start)
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync(tab, "not bad", ("attention.layer", "2"), ("attention.head", "3"));
        var picture = await explorer.Page.RunAndWaitForDownloadAsync(() =>
            explorer.Panel.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync()
        );

        Assert.Contains(view, picture.SuggestedFilename, StringComparison.Ordinal);
        var head = new byte[400];
        await using var stream = await picture.CreateReadStreamAsync();
        var read = await stream.ReadAtLeastAsync(head, 100, throwOnEndOfStream: false);
        Assert.Contains(start, System.Text.Encoding.Latin1.GetString(head, 0, read), StringComparison.Ordinal);
    }

    private static async Task PressAsync(ExplorerPage explorer, string button)
    {
        await explorer.Panel.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
        await Assertions.Expect(explorer.Page.Locator("#toast")).ToContainTextAsync("copied");
    }

    private static Task<string> ClipboardAsync(ExplorerPage explorer) =>
        explorer.Page.EvaluateAsync<string>("navigator.clipboard.readText()");
}
