using System.Security.Cryptography;
using System.Text;
using ExplainService.Testing;

namespace ExplainService.Explorer.Tests;

/// <summary>The explorer of a service that has keys.</summary>
[Collection(typeof(InBrowser))]
public sealed class KeyTests(BrowserFixture browser) : IAsyncLifetime
{
    private const string Key = "a-key-of-the-tests";

    private readonly Guarded service = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task A_refused_page_asks_for_the_key_keeps_it_for_the_tab_and_goes_on()
    {
        await using var page = await browser.NewPageAsync(service.Client.BaseAddress!);
        await page.OpenAsync();
        var form = page.Page.Locator("#prediction form.key-form");
        await form.WaitForAsync();
        await page.ScreenshotAsync("key-asked");

        await form.Locator("input").FillAsync("wrong");
        await form.Locator("button").ClickAsync();
        await page.Page.WaitForLoadStateAsync();
        await form.WaitForAsync();
        await form.Locator("input").FillAsync(Key);
        await form.Locator("button").ClickAsync();
        await page.SettledAsync();

        Assert.Equal(Key, await page.Page.EvaluateAsync<string>("sessionStorage.getItem('explain-key')"));
        Assert.Equal(
            "",
            await page.Page.EvaluateAsync<string>("document.cookie + Object.values(localStorage).filter(v => v.includes('key-of')).join()")
        );
        Assert.All(page.Errors, error => Assert.Contains("401", error, StringComparison.Ordinal));
        await page.ScreenshotAsync("key-given");
    }

    private sealed class Guarded : TestHost
    {
        public Guarded() => UseKestrel(0);

        protected override IEnumerable<(string Key, string Value)> Settings =>
            [
                .. Bundled,
                ("urls", "http://127.0.0.1:0"),
                ("Auth:Keys:0:Name", "ann"),
                ("Auth:Keys:0:Sha256", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))),
            ];
    }
}
