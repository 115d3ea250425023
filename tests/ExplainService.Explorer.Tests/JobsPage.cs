using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>The page of jobs, opened; and jobs to show there.</summary>
internal static class JobsPage
{
    public static async Task<ExplorerPage> OpenJobsAsync(this BrowserFixture browser, string fragment = "")
    {
        var explorer = await browser.NewPageAsync();
        await explorer.Page.GotoAsync(browser.Address.AbsoluteUri + "jobs" + (fragment.Length > 0 ? "#" + fragment : ""));
        await explorer.Page.Locator("#form form").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        return explorer;
    }

    /// <summary>Opens the form, where it is not.</summary>
    public static async Task UnfoldAsync(IPage page)
    {
        await page.Locator("#form form").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        if (await page.Locator("#new").GetAttributeAsync("open") is null)
        {
            await page.Locator("#new > summary").ClickAsync();
        }

        await page.Locator("[name=method]").WaitForAsync();
    }

    /// <summary>A job that has ended.</summary>
    public static async Task<string> PostJobAsync(this BrowserFixture browser, string name, object job, string file)
    {
        var body = JsonSerializer.SerializeToNode(job)!.AsObject();
        body["name"] = name;
        using var form = new MultipartFormDataContent();
        using var part = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var rows = new ByteArrayContent(Encoding.UTF8.GetBytes(file));
        rows.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        form.Add(part, "job");
        form.Add(rows, "file", "reviews.csv");
        using var answer = await browser.Http.PostAsync(new Uri("/jobs", UriKind.Relative), form);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, text);
        var id = JsonDocument.Parse(text).RootElement.GetProperty("id").GetString()!;

        // The stream of its events ends with it.
        var events = await browser.Http.GetStringAsync(new Uri($"/jobs/{id}/events", UriKind.Relative));
        Assert.Contains("\"state\":\"succeeded\"", events, StringComparison.Ordinal);
        return id;
    }
}
