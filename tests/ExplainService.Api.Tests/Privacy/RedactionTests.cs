using System.Text;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Api.Tests.Jobs;
using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Privacy;

namespace ExplainService.Api.Tests.Privacy;

/// <summary>What is masked before a model reads it.</summary>
public sealed class RedactionTests
{
    private const string Mail = @"[\w.+-]+@[\w-]+(\.[\w-]+)+";

    private static readonly Redaction Mails = new([Redaction.Pattern(Mail), Redaction.Pattern("bob|ann")]);

    [Theory]
    [InlineData("write to ann@example.org, please", "write to ███████████████, please")]
    [InlineData("bob", "███")]
    [InlineData("nobody", "nobody")]
    [InlineData("", "")]
    [InlineData("a@b.c d@e.f", "█████ █████")]
    public void What_a_pattern_finds_is_masked_character_by_character(string text, string masked) =>
        Assert.Equal(masked, Mails.Masked(text));

    [Fact]
    public void What_is_masked_has_its_length_in_both_units()
    {
        var redaction = new Redaction([Redaction.Pattern("<.*>")]);
        const string Text = "a <\U0001F600é\uD800x> b";
        var masked = redaction.Masked(Text);

        Assert.Equal(Text.Length, masked.Length);
        Assert.Equal(Text.EnumerateRunes().Count(), masked.EnumerateRunes().Count());
        Assert.Equal("a █\U0001F532████ b", masked);
    }

    [Theory]
    [InlineData(
        """{"text": "ann", "pair": "x", "k": [1.50, true, null, {"text": "bob@b.c"}]}""",
        """{"text":"███","pair":"x","k":[1.50,true,null,{"text":"███████"}]}"""
    )]
    [InlineData("""{"model": "ann", "fill_model": "bob", "text": "a\u006en"}""", """{"model":"ann","fill_model":"bob","text":"███"}""")]
    [InlineData("""{"text": "x" }""", """{"text": "x" }""")]
    [InlineData("""{"text": "ann" """, """{"text": "ann" """)]
    public void Strings_of_a_body_are_masked_wherever_they_stand(string json, string masked) =>
        Assert.Equal(masked, Encoding.UTF8.GetString(Mails.Masked(Encoding.UTF8.GetBytes(json).AsMemory()).Span));

    [Fact]
    public void A_mark_of_the_byte_order_or_half_a_character_is_no_way_around()
    {
        byte[] marked = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("""{"text": "ann"}""")];
        var half = Encoding.UTF8.GetBytes("""{"id": "\ud800", "text": "ann"}""");

        Assert.Equal("""{"text":"███"}""", Encoding.UTF8.GetString(Mails.Masked(marked.AsMemory()).Span));
        Assert.Throws<InvalidRequestException>(() => Mails.Masked(half.AsMemory()));
    }

    [Theory]
    [InlineData("(", "Privacy:Redact holds '('")]
    [InlineData("(?=a)b", "Privacy:Redact holds '(?=a)b'")]
    public async Task A_pattern_that_is_none_or_could_take_for_ever_ends_the_start(string pattern, string reason)
    {
        var (exitCode, lines, _) = await ServiceRun.ToItsEndAsync("urls=http://127.0.0.1:0", "Privacy:Redact:0=" + pattern);

        Assert.Equal(1, exitCode);
        Assert.Contains(reason, Asking.Parse(Assert.Single(lines)).GetProperty("@m").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/predict", "json")]
    [InlineData("/occlusion", "json")]
    [InlineData("/tokenize", "json")]
    [InlineData("/counterfactual", "json")]
    [InlineData("/occlusion", "svg")]
    [InlineData("/occlusion", "html")]
    public async Task No_answer_or_picture_holds_it(string path, string format)
    {
        await using var service = new OwnModels(["only"], ("Privacy:Redact:0", Mail));
        using var answer = await service.Client.PostAsync(
            new Uri($"{path}?format={format}", UriKind.Relative),
            new StringContent("""{"text": "a fun film by zorro@example.org they say"}""", Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken
        );

        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, body);
        Assert.DoesNotContain("zorro", body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("example", body, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("fun", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Neither_a_stream_nor_a_job_with_its_papers_holds_it_and_offsets_are_those_of_the_text_as_sent()
    {
        var folder = Directory.CreateTempSubdirectory("explain-redaction-");
        try
        {
            const string Text = "a fun film by zorro@example.org they say";
            await using var service = new OwnModels(["only"], ("Privacy:Redact:0", Mail), ("Jobs:Directory", folder.FullName));
            using var stream = await service.Client.PostAsync(
                new Uri("/occlusion", UriKind.Relative),
                new StringContent($$"""{"text": "{{Text}}"}""" + "\n", Encoding.UTF8, "application/x-ndjson"),
                TestContext.Current.CancellationToken
            );
            var line = await stream.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            var units = Asking.Parse(line).GetProperty("units").EnumerateArray().ToArray();
            Assert.DoesNotContain("zorro", line, StringComparison.Ordinal);
            Assert.Equal("say", Text[units[^1].GetProperty("start").GetInt32()..units[^1].GetProperty("end").GetInt32()]);

            var job = await service.Client.PostFileAsync(
                new
                {
                    kind = "global",
                    columns = new { slice = "who" },
                    request = new { endpoint = "/occlusion" },
                },
                $$"""{"id": "zorro@example.org", "label": "zorro@example.org", "who": "zorro@example.org", "text": "{{Text}}"}""" + "\n",
                "zorro@example.org (rows).ndjson"
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
                var written = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
                Assert.DoesNotContain("zorro", written, StringComparison.Ordinal);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
