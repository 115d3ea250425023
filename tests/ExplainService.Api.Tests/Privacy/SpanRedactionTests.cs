using System.Security.Cryptography;
using System.Text;
using ExplainService.Api.Tests.Adapters;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Api.Tests.Jobs;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Predictions;
using ExplainService.Protocol.Json;
using ModelContextProtocol.Protocol;

namespace ExplainService.Api.Tests.Privacy;

/// <summary>Stretches of its own text that a request wants to be masked.</summary>
public sealed class SpanRedactionTests
{
    private const string Text = "a fun film by zorro they say";

    [Theory]
    [InlineData("""{"text": "a fun film", "redact": [[2, 5]]}""", "a ███ film")]
    [InlineData("""{"text": "a fun film", "redact": [[0, 1], [6, 10], [9, 10]]}""", "█ fun ████")]
    [InlineData("""{"text": "a fun film", "redact": []}""", "a fun film")]
    [InlineData("""{"text": "\ud83d\ude00 fun", "redact": [[2, 5]], "offset_unit": "codepoint"}""", "\U0001F600 ███")]
    [InlineData("""{"text": "\ud83d\ude00 fun", "redact": [[1, 2]]}""", "\U0001F532 fun")]
    public void Stretches_are_masked_where_the_request_is_read(string body, string text) =>
        Assert.Equal(text, ((TextRequest)StrictJson.Read(typeof(PredictRequest), Encoding.UTF8.GetBytes(body))).Text);

    [Theory]
    [InlineData("""{"text": "fun", "redact": [[0, 4]]}""", "redact[0]")]
    [InlineData("""{"text": "fun", "redact": [[0, 1], [2, 1]]}""", "redact[1]")]
    [InlineData("""{"text": "fun", "redact": [[-1, 1]]}""", "redact[0]")]
    [InlineData("""{"text": "fun", "redact": [[1]]}""", "redact[0]")]
    [InlineData("""{"messages": [{"role": "user", "content": "fun"}], "redact": [[0, 1]]}""", "redact")]
    public void A_stretch_that_is_none_is_named(string body, string field)
    {
        var refused = Assert.Throws<InvalidRequestException>(() => StrictJson.Read(typeof(PredictRequest), Encoding.UTF8.GetBytes(body)));

        Assert.Equal(field, Assert.Single(refused.Errors).Key);
    }

    [Theory]
    [InlineData("/occlusion", "application/json", "json")]
    [InlineData("/occlusion", "application/json", "svg")]
    [InlineData("/tokenize", "application/x-ndjson", "json")]
    [InlineData("/predictions/only", "application/json", "json")]
    [InlineData("/explanations/only", "application/json", "json")]
    public async Task No_answer_picture_or_line_holds_them(string path, string type, string format)
    {
        await using var service = new OwnModels(["only"]);
        using var answer = await service.Client.PostAsync(
            new Uri($"{path}?format={format}", UriKind.Relative),
            new StringContent($$"""{"text": "{{Text}}", "redact": [[14, 19]]}""" + "\n", Encoding.UTF8, type),
            TestContext.Current.CancellationToken
        );

        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, body);
        Assert.DoesNotContain("zorro", body, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task No_tool_of_an_assistant_tells_or_draws_them()
    {
        await using var service = new OwnModels(["only"]);
        await using var client = await service.McpAsync();
        foreach (var tool in new[] { "predict", "explain", "compare", "counterfactual" })
        {
            var masked = await AskAsync(tool, Text, [14, 19]);
            var texts = masked.Content.OfType<TextContentBlock>().Select(block => block.Text).ToArray();

            Assert.False(masked.IsError == true, texts[0]);
            Assert.DoesNotContain("zorro", string.Concat(texts), StringComparison.OrdinalIgnoreCase);
            // A picture is that of the text with the mask, and not that of the text.
            Assert.Equal(Picture(await AskAsync(tool, Text.Replace("zorro", "█████", StringComparison.Ordinal))), Picture(masked));
            Assert.Equal(tool == "predict", Picture(masked) is null);
            Assert.True(Picture(masked) is null || Picture(await AskAsync(tool, Text)) != Picture(masked), tool);
        }

        var wrong = await AskAsync("explain", Text, [14, 700]);
        Assert.True(wrong.IsError);
        Assert.DoesNotContain("zorro", ((TextContentBlock)wrong.Content.Single()).Text, StringComparison.OrdinalIgnoreCase);

        async Task<CallToolResult> AskAsync(string tool, string text, params int[][] redact) =>
            await client.CallToolAsync(
                tool,
                new Dictionary<string, object?>
                {
                    ["text"] = text,
                    ["redact"] = redact,
                    ["seed"] = 1,
                },
                cancellationToken: TestContext.Current.CancellationToken
            );
    }

    [Theory]
    [InlineData("rows.ndjson", """{"text": "a fun film by zorro they say", "secret": [[14, 19]]}""" + "\n")]
    [InlineData("rows.csv", "text,secret\na fun film by zorro they say,\"[[14, 19]]\"\n")]
    public async Task No_paper_of_a_job_holds_what_its_rows_mask(string name, string rows)
    {
        var folder = Directory.CreateTempSubdirectory("explain-spans-");
        try
        {
            await using var service = new OwnModels(["only"], ("Jobs:Directory", folder.FullName));
            var job = await service.Client.PostFileAsync(
                new
                {
                    kind = "global",
                    columns = new { redact = "secret" },
                    request = new { endpoint = "/occlusion" },
                },
                rows,
                name
            );
            await service.Client.WhenAsync(job.Id(), "succeeded");
            foreach (var paper in new[] { "", "/results", "/summary", "/report" })
            {
                var written = await service.Client.GetStringAsync(
                    new Uri($"/jobs/{job.Id()}{paper}", UriKind.Relative),
                    TestContext.Current.CancellationToken
                );
                Assert.DoesNotContain("zorro", written, StringComparison.Ordinal);
            }

            using var zip = new System.IO.Compression.ZipArchive(
                await service.Client.GetStreamAsync(
                    new Uri($"/jobs/{job.Id()}/evidence", UriKind.Relative),
                    TestContext.Current.CancellationToken
                )
            );
            foreach (var entry in zip.Entries)
            {
                using var reader = new StreamReader(await entry.OpenAsync(TestContext.Current.CancellationToken));
                Assert.DoesNotContain(
                    "zorro",
                    await reader.ReadToEndAsync(TestContext.Current.CancellationToken),
                    StringComparison.Ordinal
                );
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_row_whose_stretches_are_none_fails_alone_and_is_not_kept()
    {
        var folder = Directory.CreateTempSubdirectory("explain-spans-");
        try
        {
            await using var service = new OwnModels(["only"], ("Jobs:Directory", folder.FullName));
            var job = await service.Client.PostFileAsync(
                new { kind = "predict", columns = new { redact = "secret" } },
                """
                {"text": "a zorro film", "secret": [[2, 700]]}
                {"text": "a fun film", "secret": [[0, 1]]}
                {"text": "a zorro film", "secrte": [[2, 7]]}

                """,
                "rows.ndjson"
            );
            await service.Client.WhenAsync(job.Id(), "succeeded");

            var results = await service.Client.GetStringAsync(
                new Uri($"/jobs/{job.Id()}/results", UriKind.Relative),
                TestContext.Current.CancellationToken
            );
            var lines = results.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(400, Asking.Parse(lines[0]).GetProperty("status").GetInt32());
            Assert.True(Asking.Parse(lines[1]).TryGetProperty("prediction", out _));
            Assert.Contains("secret", Asking.Parse(lines[2]).GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.DoesNotContain("zorro", results, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_stretch_that_cuts_a_number_leaves_nothing_of_it_to_a_pattern()
    {
        var folder = Directory.CreateTempSubdirectory("explain-spans-");
        try
        {
            await using var service = new OwnModels(["only"], ("Jobs:Directory", folder.FullName), ("Privacy:Redact:0", "[0-9]{8}"));
            var job = await service.Client.PostFileAsync(
                new
                {
                    kind = "explain",
                    columns = new { redact = "secret" },
                    request = new { endpoint = "/occlusion" },
                },
                """{"text": "call 12345678 now", "secret": [[5, 8]]}""" + "\n",
                "rows.ndjson"
            );
            await service.Client.WhenAsync(job.Id(), "succeeded");

            var results = await service.Client.GetStringAsync(
                new Uri($"/jobs/{job.Id()}/results", UriKind.Relative),
                TestContext.Current.CancellationToken
            );
            Assert.Contains("units", results, StringComparison.Ordinal);
            Assert.DoesNotContain("45678", results, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string? Picture(CallToolResult result) =>
        result.Content.OfType<ImageContentBlock>().SingleOrDefault() is { } picture
            ? Convert.ToHexString(SHA256.HashData(picture.DecodedData.Span))
            : null;
}
