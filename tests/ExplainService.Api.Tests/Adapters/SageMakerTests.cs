using System.Text.Json;
using ExplainService.Api.Tests.Fakes;

namespace ExplainService.Api.Tests.Adapters;

/// <summary>A container of SageMaker with Clarify's online explainability, called as <c>invoke_endpoint</c> of boto3 calls it.</summary>
public sealed class SageMakerTests(Service service) : IClassFixture<Service>
{
    private const string Text = "A gripping film, and a warm one.";
    private const string EnableHeader = "X-Amzn-SageMaker-Enable-Explanations";

    [Fact]
    public async Task Attributions_to_a_target_of_the_record_are_headed_by_it()
    {
        var record = JsonSerializer.Serialize(new { text = Text, target = new { label = "positive" } });

        var answer = await service.SentAsync("/invocations", record, "application/jsonlines", (EnableHeader, "`true`"));

        Assert.Equal(["positive"], answer.GetProperty("label_headers").Texts());
    }

    [Theory]
    [InlineData("/invocations", "application/jsonlines", "{\"text\":\"a\"}\n{\"text\":\"\\ud800\"}")]
    [InlineData("/v1/models/minilm-sst2:predict", "application/json", "\uFEFF{\"instances\":[\"\\ud800\"]}")]
    public async Task Half_a_surrogate_pair_is_refused_wherever_it_stands(string path, string type, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, type);
        using var answer = await service.Client.PostAsync(new Uri(path, UriKind.Relative), content);
        Assert.Equal(400, (int)answer.StatusCode);
    }

    /// <summary><c>EnableExplanations='`true`', ContentType='text/csv', Accept='text/csv'</c>.</summary>
    [Fact]
    public async Task A_record_of_CSV_is_explained_with_the_scores_of_shap_for_every_class()
    {
        var native = await service.AskAsync("/shap", new { text = Text, target = new { labels = "all" } });

        var answer = await service.SentAsync("/invocations", $"\"{Text}\"", "text/csv", ("Accept", "text/csv"), (EnableHeader, "`true`"));

        Assert.Equal("1.0", answer.GetProperty("version").GetString());
        Assert.Equal("text/csv", answer.GetProperty("predictions").GetProperty("content_type").GetString());
        Assert.StartsWith("positive,0.9", answer.GetProperty("predictions").GetProperty("data").GetString(), StringComparison.Ordinal);
        Assert.Equal(["negative", "positive"], answer.GetProperty("label_headers").Texts());
        var feature = Assert.Single(Records(answer)[0].EnumerateArray());
        Assert.Equal(
            ("text", "text"),
            (feature.GetProperty("feature_header").GetString(), feature.GetProperty("feature_type").GetString())
        );
        var attributions = feature.GetProperty("attributions");
        var units = native.GetProperty("units");
        Assert.Equal(units.Texts("text"), attributions.EnumerateArray().Select(one => Description(one, "partial_text").GetString()));
        PeerAnswers.AssertSame(
            units.Numbers("start"),
            attributions.EnumerateArray().Select(one => Description(one, "start_idx").GetDouble())
        );
        foreach (var label in new[] { 0, 1 })
        {
            PeerAnswers.AssertSame(
                native.GetProperty("labels")[label].GetProperty("scores").Numbers(),
                attributions.EnumerateArray().Select(one => one.GetProperty("attribution")[label].GetDouble())
            );
        }
    }

    [Theory]
    [InlineData("probability > `0.98` && predicted_label == 'positive'")]
    [InlineData("predicted_label == 'positive'")]
    [InlineData("probabilities[1] > probabilities[0]")]
    public async Task An_expression_chooses_by_what_the_model_says_which_lines_are_explained(string expression)
    {
        const string Lines = """
            {"text": "A gripping film."}
            {"features": ["Dull from start to end."]}
            """;

        var answer = await service.SentAsync("/invocations", Lines, "application/jsonlines", (EnableHeader, expression));

        var records = Records(answer);
        Assert.Equal(JsonValueKind.Array, records[0].ValueKind);
        Assert.Equal(JsonValueKind.Null, records[1].ValueKind);
    }

    [Fact]
    public async Task A_column_of_CSV_is_an_element_of_what_the_expression_sees_and_nothing_explained_is_an_empty_object()
    {
        var answer = await service.SentAsync(
            "/invocations",
            "A gripping film.\nDull from start to end.\n",
            "text/csv",
            (EnableHeader, "[1] > `2`")
        );

        Assert.Empty(answer.GetProperty("explanations").EnumerateObject());
        Assert.Equal(2, answer.GetProperty("predictions").GetProperty("data").GetString()!.Trim().Split('\n').Length);
    }

    [Theory]
    [InlineData("text/csv", "positive,0.")]
    [InlineData("application/jsonlines", "{\"predicted_label\":\"positive\",\"probability\":0.")]
    public async Task Without_the_header_records_are_predicted_alone(string accept, string begin)
    {
        var (status, body) = await service.SendAsync("/invocations", "A gripping film.", "text/csv", ("Accept", accept));

        Assert.Equal(200, status);
        Assert.StartsWith(begin, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_header_of_several_models_chooses_one()
    {
        var (status, body) = await service.SendAsync(
            "/invocations",
            "A gripping film.",
            "text/csv",
            ("X-Amzn-SageMaker-Target-Model", "no-such-model")
        );

        Assert.Equal((404, "ModelNotFoundException"), (status, Asking.Parse(body).GetProperty("type").GetString()));
    }

    [Theory]
    [InlineData("probability >")]
    [InlineData("probability")]
    [InlineData("no_such_function(@)")]
    [InlineData("((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((")]
    public async Task An_expression_that_says_neither_true_nor_false_is_refused(string expression)
    {
        var (status, body) = await service.SendAsync(
            "/invocations",
            "A film.",
            "text/csv",
            ("Accept", "application/jsonlines"),
            (EnableHeader, expression)
        );

        Assert.Equal(400, status);
        Assert.Contains(EnableHeader, Asking.Parse(body).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_was_truncated_is_said_to_be_where_CSV_has_no_place_for_it()
    {
        var text = string.Concat(Enumerable.Repeat("long ", 1000));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/invocations");
        request.Content = new StringContent($$"""{"text": "{{text}}", "overflow": "truncate"}""");
        request.Content.Headers.ContentType = new("application/jsonlines");
        request.Headers.Accept.ParseAdd("text/csv");

        using var answer = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("warnings=0:text_truncated", Assert.Single(answer.Headers.GetValues("X-Amzn-SageMaker-Custom-Attributes")));
    }

    [Fact]
    public async Task Ping_says_that_the_container_is_healthy()
    {
        // As SageMaker does: until the models are loaded it is not.
        JsonElement body = default;
        await ExplainService.Testing.Patience.UntilAsync(async () =>
        {
            (var status, body) = await service.GetAsync("/ping");
            return status == 200;
        });

        Assert.Equal("Healthy", body.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Switched_off_there_is_nothing_there()
    {
        await using var fake = new FakeService(loaded: true, ("Adapters:SageMaker", "false"));

        Assert.Equal(404, (await fake.SendAsync("/invocations", "a", "text/csv")).Status);
    }

    private static JsonElement Records(JsonElement answer) => answer.GetProperty("explanations").GetProperty("kernel_shap");

    private static JsonElement Description(JsonElement attribution, string field) =>
        attribution.GetProperty("description").GetProperty(field);
}
