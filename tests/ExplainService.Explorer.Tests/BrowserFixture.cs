using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Testing;
using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>One service and one Chromium for all tests; every test gets a page of its own.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly string[] Flags =
    [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private readonly ExplorerService service = new();
    private IPlaywright? playwright;
    private IBrowser? browser;

    public Uri Address => service.Address;

    /// <summary>A site of somebody else's.</summary>
    public OtherSite Other => service.Other;

    public HttpClient Http => service.Client;

    /// <summary>Where screenshots are kept to be looked at.</summary>
    public static string Artifacts { get; } =
        Directory.CreateDirectory(Path.Combine(ReferenceData.Root, "tests", "ExplainService.Explorer.Tests", "artifacts")).FullName;

    public async ValueTask InitializeAsync()
    {
        var chromium = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium";
        Assert.True(
            File.Exists(chromium),
            $"There is no {chromium}: run tests/run.sh, which installs it, or name one by the variable CHROMIUM."
        );
        // The first answers of a model are slow.
        await AskAsync("/predict", new { text = "warm" });
        await AskAsync("/saliency", new { text = "warm", steps = 4 });
        await AskAsync(
            "/predict",
            new
            {
                text = "warm",
                model = "gpt-reviews",
                max_new_tokens = 2,
            }
        );
        Assertions.SetDefaultExpectTimeout((float)Patience.Ample.TotalMilliseconds);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = Flags });
    }

    /// <summary>A page of its own, with its own storage.</summary>
    public async Task<ExplorerPage> NewPageAsync(
        int width = 1280,
        int height = 900,
        ColorScheme scheme = ColorScheme.Light,
        ReducedMotion motion = ReducedMotion.NoPreference,
        bool touch = false
    ) => await NewPageAsync(Address, width, height, scheme, motion, touch);

    /// <summary>The same of another service.</summary>
    public async Task<ExplorerPage> NewPageAsync(
        Uri address,
        int width = 1280,
        int height = 900,
        ColorScheme scheme = ColorScheme.Light,
        ReducedMotion motion = ReducedMotion.NoPreference,
        bool touch = false
    )
    {
        var context = await browser!.NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = width, Height = height },
                ColorScheme = scheme,
                ReducedMotion = motion,
                HasTouch = touch,
                Permissions = ["clipboard-read", "clipboard-write"],
                AcceptDownloads = true,
            }
        );
        context.SetDefaultTimeout((float)Patience.Ample.TotalMilliseconds);
        return await ExplorerPage.CreateAsync(context, address);
    }

    /// <summary>The API's own answer, to compare the page with.</summary>
    public async Task<JsonElement> AskAsync(string path, object request)
    {
        using var content = new StringContent(JsonSerializer.Serialize(request), System.Text.Encoding.UTF8, "application/json");
        using var answer = await Http.PostAsync(new Uri(path, UriKind.Relative), content);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
        await service.DisposeAsync();
    }
}

[CollectionDefinition]
public sealed class InBrowser : ICollectionFixture<BrowserFixture>;
