using System.Text;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Methods.Contracts;

namespace ExplainService.Api.Tests.Http;

/// <summary>Every way in which a body can be wrong answers 400 with a problem that names the field.</summary>
public sealed class BadRequestTests
{
    [Theory]
    [InlineData("""["a", "b"]""")]
    [InlineData("""[{"text": "a"}, {"text": "b"}]""")]
    [InlineData("""{"text": ["a", "b"]}""")]
    [InlineData("""{"text": "a", "pair": ["b"]}""")]
    public async Task A_list_of_texts_is_told_of_NDJSON(string body)
    {
        await using var service = new FakeService();

        using var response = await service.PostAsync("/predict", body);

        Assert.Contains("application/x-ndjson (NDJSON)", (await response.ProblemAsync(400)).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"": 1, "text": "a"}""", "")]
    [InlineData("""{"text": "a", "target": {"": 1}}""", "target.")]
    public async Task A_field_without_a_name_is_named_too(string body, string field)
    {
        await using var service = new FakeService();

        using var response = await service.PostAsync("/predict", body);

        var problem = await response.ProblemAsync(400);
        Assert.Contains("an empty name is not a field", Assert.Single(problem.Errors![field]), StringComparison.Ordinal);
        Assert.Contains("empty name", problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"text\": \"a\"", 1)]
    [InlineData("\"text\": 1", 1)]
    [InlineData("\"a{0}\": 1", 20)]
    public async Task Of_faults_without_end_twenty_are_named(string field, int fields)
    {
        await using var service = new FakeService();
        var members = Enumerable.Range(0, 100_000).Select(index => field.Replace("{0}", $"{index}", StringComparison.Ordinal));

        using var response = await service.PostAsync("/predict", "{" + string.Join(',', members) + "}");

        var problem = await response.ProblemAsync(400);
        Assert.Equal(fields, problem.Errors!.Count);
        Assert.InRange(problem.Errors.Values.Sum(reasons => reasons.Length), 1, 20);
        Assert.InRange(problem.Detail.Length, 1, 20_000);
    }

    [Fact]
    public async Task A_long_name_is_cut()
    {
        await using var service = new FakeService();

        using var response = await service.PostAsync("/predict", $$"""{"text": "a", "{{new string('x', 100_000)}}": 1}""");

        Assert.Equal(201, Assert.Single((await response.ProblemAsync(400)).Errors!.Keys).Length);
    }

    [Theory]
    [InlineData("""{"text": "a", "modle": "good"}""", "modle")]
    [InlineData("""{"text": "a", "Text": "b"}""", "Text")]
    [InlineData("""{"text": "a", "target": {"lable": "positive"}}""", "target.lable")]
    [InlineData("""{"text": "a", "target": {"span": {"start": 1, "stop": 2}}}""", "target.span.stop")]
    [InlineData("""{"text": "a", "text": "b"}""", "text")]
    [InlineData("""{"text": "a", "target": {"label": 1, "label": 2}}""", "target.label")]
    [InlineData("{}", "text")]
    [InlineData("""{"model": "good"}""", "text")]
    [InlineData("""{"text": null}""", "text")]
    [InlineData("""{"text": 5}""", "text")]
    [InlineData("""{"text": ["a"]}""", "text")]
    [InlineData("""{"text": {"text": "a"}}""", "text")]
    [InlineData("""{"text": "a", "steps": "ten"}""", "steps")]
    [InlineData("""{"text": "a", "steps": 1.5}""", "steps")]
    [InlineData("""{"text": "a", "steps": 99999999999999999999}""", "steps")]
    [InlineData("""{"text": "a", "steps": true}""", "steps")]
    [InlineData("""{"text": "a", "tolerance": "small"}""", "tolerance")]
    [InlineData("""{"text": "a", "tolerance": 1e999}""", "tolerance")]
    [InlineData("""{"text": "a", "tolerance": "NaN"}""", "tolerance")]
    [InlineData("""{"text": "a", "method": "magic"}""", "method")]
    [InlineData("""{"text": "a", "method": "Integrated_Gradients"}""", "method")]
    [InlineData("""{"text": "a", "method": "gradient, smooth_grad"}""", "method")]
    [InlineData("""{"text": "a", "method": 1}""", "method")]
    [InlineData("""{"text": "a", "method": "1"}""", "method")]
    [InlineData("""{"text": "a", "baseline": "text"}""", "baseline")]
    [InlineData("""{"text": "a", "baseline": {"text": 1}}""", "baseline")]
    [InlineData("""{"text": "a", "baseline": {"text": "b", "more": 1}}""", "baseline")]
    [InlineData("""{"text": "a", "granularity": "letter"}""", "granularity")]
    [InlineData("""{"text": "a", "granularity": []}""", "granularity")]
    [InlineData("""{"text": "a", "granularity": ["word", 3]}""", "granularity")]
    [InlineData("""{"text": "a", "target": "positive"}""", "target")]
    [InlineData("""{"text": "a", "target": {"label": 1.5}}""", "target.label")]
    [InlineData("""{"text": "a", "target": {"token_ids": [1, "2"]}}""", "target.token_ids[1]")]
    [InlineData("""{"text": "a", "spans": [[0, 1], [2, "x"]]}""", "spans[1][1]")]
    [InlineData("""{"text": "a", "spans": [[0, 1], 1]}""", "spans[1]")]
    [InlineData("""{"text": "a", "spans": [null]}""", "spans[0]")]
    [InlineData("""{"text": "a\ud800"}""", "text")]
    [InlineData("""{"text": "\udc00a"}""", "text")]
    [InlineData("""{"text": "a", "baseline": {"text": "\ud800"}}""", "baseline")]
    [InlineData("""{"text": "a", "target": {"label": "\ud800"}}""", "target.label")]
    public async Task A_field_at_fault_is_named(string body, string field)
    {
        await using var service = new FakeService();

        using var response = await service.PostAsync("/saliency", body);

        var problem = await response.ProblemAsync(400);
        var (key, reasons) = Assert.Single(problem.Errors!);
        Assert.Equal(field, key);
        Assert.Equal($"{field}: {reasons[0]}.", problem.Detail);
        Assert.Null(service.Explainer.Last);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   \r\n")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{")]
    [InlineData("{\"text\": \"a\"")]
    [InlineData("{\"text\": \"a\"} trailing")]
    [InlineData("{\"text\": \"a\"}{\"text\": \"b\"}")]
    [InlineData("{\"text\": \"a\",}")]
    [InlineData("{'text': 'a'}")]
    [InlineData("{\"text\": \"a\"} // comment")]
    [InlineData("{\"text\": NaN}")]
    [InlineData("{\"text\": \"tab\there\"}")]
    [InlineData("text=a")]
    [InlineData("{\"\\ud800\": 1, \"text\": \"a\"}")]
    public async Task What_is_no_JSON_object_is_refused(string body)
    {
        await using var service = new FakeService();

        using var response = await service.PostAsync("/saliency", body);

        await response.ProblemAsync(400);
    }

    [Fact]
    public async Task All_fields_at_fault_are_named_at_once()
    {
        await using var service = new FakeService();

        using var response = await service.PostAsync("/saliency", """{"steps": "x", "norm": "l3", "sede": 1}""");

        var problem = await response.ProblemAsync(400);
        Assert.Equal(["norm", "sede", "steps", "text"], problem.Errors!.Keys.Order());
        Assert.Contains("\"l2\", \"l1\", \"mean_abs\"", problem.Errors!["norm"][0], StringComparison.Ordinal);
        Assert.StartsWith("4 fields are at fault: steps: must be a whole number", problem.Detail, StringComparison.Ordinal);
        Assert.All(problem.Errors!, error => Assert.Contains($"{error.Key}: {error.Value[0]}", problem.Detail, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(new byte[] { 0x7B, 0x22, 0x74, 0x65, 0x78, 0x74, 0x22, 0x3A, 0x22, 0xFF, 0x22, 0x7D })]
    [InlineData(new byte[] { 0x7B, 0x22, 0x74, 0x65, 0x78, 0x74, 0x22, 0x3A, 0x22, 0xED, 0xA0, 0x80, 0x22, 0x7D })]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00 })]
    public async Task Invalid_UTF8_is_refused(byte[] body)
    {
        await using var service = new FakeService();

        using var response = await service.PostAsync("/predict", body);

        await response.ProblemAsync(400);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"target\":", "}")]
    public async Task Deep_nesting_is_refused_without_harm(string open, string close)
    {
        await using var service = new FakeService();
        var body =
            $$"""{"text": "a", "target": {{string.Concat(Enumerable.Repeat(open, 100_000))}}1{{string.Concat(Enumerable.Repeat(close, 100_000))}}}""";

        using var response = await service.PostAsync("/predict", body);

        await response.ProblemAsync(400);
    }

    [Theory]
    [InlineData("a\u0000b\u0001\u001F\u007F")]
    [InlineData("\uFFFE\uFFFF\u202E")]
    [InlineData("👩‍👩‍👧 ﷽ नमस्ते")]
    public async Task Any_Unicode_text_arrives_as_it_was_sent(string text)
    {
        await using var service = new FakeService();

        using var response = await service.PostAsync("/predict", $$"""{"text": {{System.Text.Json.JsonSerializer.Serialize(text)}}}""");

        Assert.Equal(text, (string?)(await response.JsonAsync())["units"]![0]!["text"]);
        Assert.Equal(text, ((TextRequest)service.Explainer.Last!).Text);
    }

    [Fact]
    public async Task A_byte_order_mark_is_no_fault()
    {
        await using var service = new FakeService();

        using var response = await service.PostAsync("/predict", [.. Encoding.UTF8.Preamble, .. "{\"text\":\"a\"}"u8]);

        Assert.Equal(200, (int)response.StatusCode);
    }
}
