using System.Globalization;
using System.Net.Http.Json;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Saliency;
using ExplainService.Testing;

namespace ExplainService.Api.Tests.Http;

/// <summary>
/// What may come in over the wire, against the real model: each has its status, names its field, and leaves the service well.
/// </summary>
public sealed class HostileRequestTests(Service service) : IClassFixture<Service>
{
    private const string Long =
        "The plot is thin, the jokes are old and nobody on the screen seems to want to be there, yet the music, the light and the last ten minutes are worth every other hour of this strange film.";

    [Theory]
    [InlineData("/predict", """{"text": "good", """, 400, null)]
    [InlineData("/predict", """{"text": "good", "modle": "x"}""", 400, "modle")]
    [InlineData("/predict", """{"text": 7}""", 400, "text")]
    [InlineData("/predict", """{"text": ""}""", 400, "text")]
    [InlineData("/predict", """{"text": " \n\t "}""", 400, "text")]
    [InlineData("/predict", """{"text": "half \ud83d"}""", 400, "text")]
    [InlineData("/predict", """{"text": "good", "model": "nobody"}""", 404, "model")]
    [InlineData("/predict", """{"text": "good", "model": "../minilm-sst2"}""", 404, "model")]
    [InlineData("/predict", """{"text": "good", "target": {"label": "lukewarm"}}""", 422, "target.label")]
    [InlineData("/predict", """{"text": "good", "target": {"label": -1}}""", 422, "target.label")]
    [InlineData("/predict", """{"text": "good", "target": {"label": 2147483647}}""", 422, "target.label")]
    [InlineData("/predict", """{"text": "good", "top_k": -1}""", 400, "top_k")]
    [InlineData("/predict", """{"text": "good", "top_k": 99999999999}""", 400, "top_k")]
    [InlineData("/predict", """{"text": "good", "deadline_ms": -5}""", 400, "deadline_ms")]
    [InlineData("/saliency", """{"text": "good", "method": "magic"}""", 400, "method")]
    [InlineData("/saliency", """{"text": "good", "method": "integrated_gradients", "steps": 0}""", 400, "steps")]
    [InlineData("/saliency", """{"text": "good", "method": "integrated_gradients", "steps": 1000000000}""", 400, "steps")]
    [InlineData("/saliency", """{"text": "good", "method": "integrated_gradients", "tolerance": -1}""", 400, "tolerance")]
    [InlineData("/saliency", """{"text": "good", "method": "smooth_grad", "samples": -3}""", 400, "samples")]
    [InlineData("/saliency", """{"text": "good", "method": "smooth_grad", "noise": 1e300}""", 400, "noise")]
    [InlineData("/attention", """{"text": "good", "layers": [-1]}""", 422, "layers")]
    [InlineData("/attention", """{"text": "good", "heads": [12]}""", 422, "heads")]
    [InlineData("/attention", """{"text": "good", "aggregate": "everything"}""", 400, "aggregate")]
    [InlineData("/occlusion", """{"text": "good", "window": 0}""", 400, "window")]
    [InlineData("/occlusion", """{"text": "good", "stride": -2147483648}""", 400, "stride")]
    [InlineData("/shap", """{"text": "good", "max_evaluations": 1}""", 400, "max_evaluations")]
    [InlineData("/shap", """{"text": "good", "max_evaluations": 1e12}""", 400, "max_evaluations")]
    [InlineData("/shap", """{"text": "good", "spans": [[0, 400]]}""", 400, "spans[0]")]
    [InlineData("/shap", """{"text": "good", "spans": [[-1, 2]]}""", 400, "spans[0]")]
    public async Task A_wrong_request_is_refused_and_its_field_named(string path, string body, int status, string? field)
    {
        var problem = await service.RefuseAsync(path, body, status);
        if (field is not null)
        {
            Assert.Contains(problem.Errors!.Keys, name => name.StartsWith(field, StringComparison.Ordinal));
        }

        Assert.Equal(200, (await service.PostAsync("/predict", """{"text": "good"}""")).Status);
    }

    [Theory]
    [InlineData("bell \u0007 null \u0000 escape \u001b delete \u007f end")]
    [InlineData("‮backwards‬ ‏right‎ zero​width ﻿mark")]
    [InlineData("👩‍👩‍👧‍👦 🇩🇪 é क्षि 한국어 ﷽")]
    public async Task Control_characters_and_every_script_are_explained_where_they_stand(string text)
    {
        foreach (var unit in new[] { "utf16", "codepoint" })
        {
            var answer = await service.AskAsync<OcclusionAnswer>("/occlusion", new { text, offset_unit = unit });
            var runes = text.EnumerateRunes().ToArray();
            foreach (var item in answer.Units)
            {
                var slice =
                    unit == "utf16"
                        ? text[item.Start..item.End]
                        : string.Concat(runes[item.Start..item.End].Select(rune => rune.ToString()));
                Assert.Equal(slice, item.Text);
            }
        }
    }

    [Fact]
    public async Task A_megabyte_of_text_is_refused_with_its_count_and_the_ways_out()
    {
        var text = string.Concat(Enumerable.Repeat("gripping and funny. ", 50_000));
        var problem = await service.RefuseAsync("/saliency", new { text });
        var detail = problem.Errors!["text"][0];
        Assert.Matches(@"\d{6} tokens", detail);
        Assert.Contains("truncate", detail, StringComparison.Ordinal);
        var cut = await service.AskAsync<SaliencyAnswer>("/saliency", new { text, overflow = "truncate" });
        Assert.Contains("truncated", cut.WarningOf("text_truncated"), StringComparison.Ordinal);
        Assert.Equal(text.Length, cut.Unseen![0].End);
    }

    [Fact]
    public async Task Rows_of_a_client_that_leaves_in_mid_SHAP_stop()
    {
        using var gone = new CancellationTokenSource();
        var before = await RowsAsync(service.Client);
        var asking = service.Client.PostAsJsonAsync(
            "/shap",
            new
            {
                text = Long,
                max_evaluations = 500_000,
                algorithm = "permutation",
            },
            gone.Token
        );
        await Patience.UntilAsync(async () => await RowsAsync(service.Client) >= before + 50);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await UntilRowsStopAsync();
    }

    [Fact]
    public async Task A_full_queue_answers_429_and_when_to_come_back()
    {
        await using var small = service.WithWebHostBuilder(host => host.UseSetting("Runtime:MaxQueueSeconds", "1"));
        using var http = small.CreateClient();
        using var stop = new CancellationTokenSource();
        var answers = Enumerable
            .Range(0, 12)
            .Select(i =>
                http.PostAsJsonAsync(
                    "/shap",
                    new
                    {
                        text = $"{Long} {i}",
                        max_evaluations = 200_000,
                        algorithm = "permutation",
                    },
                    stop.Token
                )
            )
            .ToList();
        var first = await Task.WhenAny(answers);
        using var refused = await first;
        Assert.Equal(429, (int)refused.StatusCode);
        Assert.True(refused.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
        await stop.CancelAsync();
        await Task.WhenAll(
            answers.Where(answer => answer != first).Select(answer => answer.ContinueWith(static _ => { }, TaskScheduler.Default))
        );
    }

    [Fact]
    public async Task A_deadline_that_no_answer_can_meet_is_a_504()
    {
        var problem = await service.RefuseAsync(
            "/saliency",
            new
            {
                text = Long,
                method = "smooth_grad",
                samples = 500,
                deadline_ms = 1,
            },
            504
        );
        Assert.Contains("deadline_ms", problem.Errors!.Keys);
    }

    private async Task UntilRowsStopAsync()
    {
        for (var quiet = 0; quiet < 3; )
        {
            var rows = await RowsAsync(service.Client);
            await Task.Delay(150, TestContext.Current.CancellationToken);
            quiet = await RowsAsync(service.Client) == rows ? quiet + 1 : 0;
        }
    }

    private static async Task<double> RowsAsync(HttpClient http) =>
        (await http.GetStringAsync(new Uri("/metrics", UriKind.Relative)))
            .Split('\n')
            .Where(line => line.StartsWith("explain_device_rows_total", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
