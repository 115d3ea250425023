using System.Globalization;
using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>The explorer in a tab of the browser, with what it did wrong written down.</summary>
public sealed class ExplorerPage : IAsyncDisposable
{
    public const string Example = "The acting was terrible but the music is absolutely wonderful.";

    private readonly IBrowserContext context;
    private readonly Uri address;

    private ExplorerPage(IBrowserContext context, IPage page, Uri address)
    {
        this.context = context;
        Page = page;
        this.address = address;
    }

    public IPage Page { get; }

    /// <summary>Exceptions, and messages of the console that are errors.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>Every address that was asked for.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>The prediction that is shown.</summary>
    public ILocator Verdict => Page.Locator("#prediction .verdict strong");

    public ILocator Panel => Page.Locator("[role=tabpanel]:not([hidden])");

    /// <summary>The words of the coloured text.</summary>
    public ILocator Words => Panel.Locator(".stage .word");

    internal static async Task<ExplorerPage> CreateAsync(IBrowserContext context, Uri address)
    {
        var page = await context.NewPageAsync();
        var explorer = new ExplorerPage(context, page, address);
        page.PageError += (_, error) => explorer.Errors.Add(error);
        page.Console += (_, message) => Note(explorer, message);
        page.Request += (_, request) => explorer.Requests.Add(request.Url);
        // Layout shifts that no input explains, as the browser itself measures them.
        await page.AddInitScriptAsync(
            """
            window.shifts = 0;
            new PerformanceObserver(list => list.getEntries().forEach(entry => entry.hadRecentInput || (window.shifts += entry.value)))
              .observe({ type: "layout-shift", buffered: true });
            """
        );
        return explorer;
    }

    /// <summary>Opens the page, as a link with these fields if there are any.</summary>
    public async Task OpenAsync(params (string Name, string Value)[] fields)
    {
        var fragment = string.Join('&', fields.Select(field => field.Name + "=" + Uri.EscapeDataString(field.Value)));
        await Page.GotoAsync(address.AbsoluteUri + (fragment.Length > 0 ? "#" + fragment : ""));
    }

    /// <summary>Opens a tab's view of the example text and waits for its picture.</summary>
    public async Task OpenTabAsync(string tab, string text = Example, params (string Name, string Value)[] more)
    {
        await OpenAsync([("text", text), ("tab", tab), .. more]);
        await SettledAsync();
    }

    /// <summary>Waits until nothing is being asked.</summary>
    public async Task SettledAsync()
    {
        await Verdict.Or(Page.Locator("#prediction .problem")).First.WaitForAsync();
        await Panel.Locator(".view[aria-busy=false] > *").First.WaitForAsync();
    }

    public Task TypeAsync(string text) => Page.Locator("#text").FillAsync(text);

    public ILocator Word(string text) => Words.GetByText(text, new() { Exact = true });

    /// <summary>Words and scores as the page shows them.</summary>
    public async Task<(string Text, double Score)[]> ScoresAsync()
    {
        var shown = await Words.EvaluateAllAsync<string[][]>(
            "words => words.filter(word => word.dataset.score !== undefined).map(word => [word.textContent, word.dataset.score])"
        );
        return [.. shown.Select(pair => (pair[0], double.Parse(pair[1], CultureInfo.InvariantCulture)))];
    }

    /// <summary>
    /// The words that are shown have these scores. The service may have batched the page's request with others, which moves the last bits
    /// of a float32.
    /// </summary>
    public async Task AssertScoresAsync(IEnumerable<(string Text, double Score)> expected)
    {
        var (wanted, shown) = (expected.ToArray(), await ScoresAsync());
        Assert.Equal(wanted.Select(word => word.Text), shown.Select(word => word.Text));
        Assert.All(wanted.Zip(shown), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-5));
    }

    public async Task<double> ShiftsAsync() => await Page.EvaluateAsync<double>("window.shifts");

    public Task ScreenshotAsync(string name) =>
        Page.ScreenshotAsync(
            new()
            {
                Path = Path.Combine(BrowserFixture.Artifacts, name + ".png"),
                FullPage = true,
                Animations = ScreenshotAnimations.Disabled,
            }
        );

    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    private static void Note(ExplorerPage explorer, IConsoleMessage message)
    {
        if (message.Type == "error")
        {
            explorer.Errors.Add(message.Text);
        }
    }
}
