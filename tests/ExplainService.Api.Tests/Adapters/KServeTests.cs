using System.Text.Json;
using ExplainService.Api.Tests.Fakes;

namespace ExplainService.Api.Tests.Adapters;

/// <summary>KServe's two protocols, with requests as its clients, Seldon's and MLServer's send them.</summary>
public sealed class KServeTests(Service service) : IClassFixture<Service>
{
    private const string Text = "A gripping film, and a warm one.";

    [Fact]
    public async Task V1_predicts_each_instance_as_predict_does()
    {
        var native = await service.AskAsync("/predict", new { text = Text });

        var answer = await service.SentAsync(
            "/v1/models/minilm-sst2:predict",
            $$"""{"instances": ["{{Text}}", {"text": "Dull from start to end."}]}"""
        );

        var predictions = answer.GetProperty("predictions");
        Assert.Equal(["positive", "negative"], predictions.Texts("label"));
        PeerAnswers.AssertSame(
            native.GetProperty("prediction").GetProperty("labels").Numbers("probability"),
            predictions[0].GetProperty("labels").Numbers("probability")
        );
    }

    [Theory]
    [InlineData("/shap", "")]
    [InlineData("/occlusion", """, "parameters": {"endpoint": "/occlusion"}""")]
    [InlineData("/saliency", """, "parameters": {"endpoint": "saliency", "granularity": "word"}""")]
    public async Task V1_explains_with_the_scores_of_the_native_endpoint(string endpoint, string parameters)
    {
        var native = await service.AskAsync(endpoint, new { text = Text, granularity = "word" });

        var answer = await service.SentAsync("/v1/models/minilm-sst2:explain", $$"""{"instances": ["{{Text}}"]{{parameters}}}""");

        var explanation = answer.GetProperty("explanations")[0];
        PeerAnswers.AssertSame(native.GetProperty("units").Numbers("score"), explanation.GetProperty("units").Numbers("score"));
        Assert.Equal(native.GetProperty("units").Texts("text"), explanation.GetProperty("units").Texts("text"));
        Assert.Equal("positive", answer.GetProperty("predictions")[0].GetProperty("label").GetString());
    }

    [Fact]
    public async Task V1_asks_a_model_whether_it_is_ready_where_its_description_is()
    {
        var (status, model) = await service.GetAsync("/v1/models/minilm-sst2");

        Assert.Equal((200, "minilm-sst2", true), (status, model.GetProperty("name").GetString(), model.GetProperty("ready").GetBoolean()));
    }

    /// <summary>As MLServer's client for a text sends it: <c>StringCodec.encode_request</c>.</summary>
    [Fact]
    public async Task V2_answers_a_request_recorded_from_MLServer_with_the_scores_of_the_native_endpoint()
    {
        var native = await service.AskAsync("/shap", new { text = Text });

        var answer = await service.SentAsync(
            "/v2/models/minilm-sst2/infer",
            $$"""
            {
              "id": "54b1a2b4-7a2f-4f55-9e6b-1d1c7b2f6f4e",
              "parameters": {"content_type": "str"},
              "inputs": [
                {
                  "name": "args", "shape": [1, 1], "datatype": "BYTES",
                  "parameters": {"content_type": "str"}, "data": ["{{Text}}"]
                }
              ]
            }
            """
        );

        Assert.Equal("54b1a2b4-7a2f-4f55-9e6b-1d1c7b2f6f4e", answer.GetProperty("id").GetString());
        Assert.Equal("minilm-sst2", answer.GetProperty("model_name").GetString());
        Assert.Equal(["positive"], Output(answer, "label").Texts());
        var units = native.GetProperty("units");
        Assert.Equal(units.Texts("text"), Output(answer, "tokens").Texts());
        PeerAnswers.AssertSame(units.Numbers("score"), Output(answer, "scores").Numbers());
        PeerAnswers.AssertSame(
            units.EnumerateArray().SelectMany(unit => new[] { Number(unit, "start"), Number(unit, "end") }),
            Output(answer, "offsets").Numbers()
        );
        PeerAnswers.AssertSame([Number(native, "base_value")], Output(answer, "base_value").Numbers());
    }

    /// <summary>As KServe's <c>InferenceRESTClient</c> sends it.</summary>
    [Fact]
    public async Task V2_takes_several_texts_and_says_which_tokens_are_whose()
    {
        var answer = await service.SentAsync(
            "/v2/models/minilm-sst2/infer",
            """
            {
              "inputs": [{"name": "input-0", "shape": [2], "datatype": "BYTES", "data": ["not bad", "dull"]}],
              "parameters": {"endpoint": "/occlusion", "target": "positive"}
            }
            """
        );

        Assert.Equal(["not", "bad", "dull"], Output(answer, "tokens").Texts());
        Assert.Equal([0, 0, 1], Output(answer, "text_index").Numbers());
        Assert.Equal(2, Output(answer, "probability").GetArrayLength());
        var single = await service.AskAsync("/occlusion", new { text = "dull", target = new { label = "positive" } });
        PeerAnswers.AssertSame(single.GetProperty("units").Numbers("score"), [Output(answer, "scores").Numbers().Last()]);
    }

    [Fact]
    public async Task V2_explains_nothing_where_only_the_prediction_is_wanted()
    {
        var answer = await service.SentAsync(
            "/v2/models/minilm-sst2/infer",
            """
            {
              "inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": ["bm90IGJhZA=="], "parameters": {"content_type": "base64"}}],
              "outputs": [{"name": "label"}, {"name": "probability"}]
            }
            """
        );

        Assert.Equal(["label", "probability"], answer.GetProperty("outputs").Texts("name"));
    }

    [Fact]
    public async Task V2_says_that_a_text_was_truncated_whatever_is_wanted()
    {
        var text = string.Concat(Enumerable.Repeat("long ", 1000));
        var answer = await service.SentAsync(
            "/v2/models/minilm-sst2/infer",
            $$"""
            {
              "inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": ["{{text}}"]}],
              "outputs": [{"name": "label"}], "parameters": {"overflow": "truncate"}
            }
            """
        );

        Assert.Contains("truncated", Output(answer, "warnings")[0].GetString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/v2", "name")]
    [InlineData("/v2/health/live", "live")]
    [InlineData("/v2/health/ready", "ready")]
    [InlineData("/v2/models/minilm-sst2/ready", "ready")]
    [InlineData("/v2/models/minilm-sst2", "platform")]
    public async Task V2_describes_itself(string path, string field)
    {
        // Readiness comes once the models are loaded.
        JsonElement body = default;
        await ExplainService.Testing.Patience.UntilAsync(async () =>
        {
            (var status, body) = await service.GetAsync(path);
            return status == 200;
        });

        Assert.True(body.TryGetProperty(field, out _), body.GetRawText());
    }

    [Fact]
    public async Task A_broken_model_is_not_ready_and_says_why()
    {
        await using var fake = new FakeService();

        var (status, body) = await fake.GetAsync("/v2/models/broken/ready");

        Assert.Equal(400, status);
        Assert.Contains("protobuf", body.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Switched_off_there_is_nothing_there()
    {
        await using var fake = new FakeService(loaded: true, ("Adapters:KServe", "false"));

        Assert.Equal(404, (await fake.GetAsync("/v2/health/live")).Status);
        Assert.NotEqual(200, (await fake.SendAsync("/v1/models/good:predict", """{"instances": ["a"]}""")).Status);
    }

    private static JsonElement Output(JsonElement answer, string name) =>
        answer.GetProperty("outputs").EnumerateArray().Single(output => output.GetProperty("name").GetString() == name).GetProperty("data");

    private static double Number(JsonElement element, string field) => element.GetProperty(field).GetDouble();
}
