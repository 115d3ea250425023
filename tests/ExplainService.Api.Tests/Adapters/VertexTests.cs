using System.Text.Json;
using ExplainService.Api.Tests.Fakes;

namespace ExplainService.Api.Tests.Adapters;

/// <summary>Endpoints of Vertex AI, called as <c>Endpoint.predict</c> and <c>Endpoint.explain</c> of its clients over REST.</summary>
public sealed class VertexTests(Service service) : IClassFixture<Service>
{
    private const string Text = "A gripping film, and a warm one.";
    private const string Endpoint = "/v1/projects/my-project/locations/us-central1/endpoints/minilm-sst2";

    [Fact]
    public async Task A_prediction_names_the_deployed_model()
    {
        var answer = await service.SentAsync(
            Endpoint + ":predict",
            $$"""{"instances": [{"text": "{{Text}}"}], "parameters": {"top_k": 1} }"""
        );

        Assert.Equal("positive", answer.GetProperty("predictions")[0].GetProperty("label").GetString());
        Assert.Equal("minilm-sst2", answer.GetProperty("deployedModelId").GetString());
        Assert.False(answer.TryGetProperty("explanations", out _));
    }

    [Fact]
    public async Task Attributions_are_the_scores_of_shap_between_baseline_and_instance()
    {
        var native = await service.AskAsync("/shap", new { text = Text });

        var answer = await service.SentAsync(Endpoint + ":explain", $$"""{"instances": [{"text": "{{Text}}"}]}""");

        var attribution = Attributions(answer)[0];
        PeerAnswers.AssertSame(
            native.GetProperty("units").Numbers("score"),
            attribution.GetProperty("featureAttributions").GetProperty("text").Numbers()
        );
        PeerAnswers.AssertSame(
            [Number(native, "base_value"), Number(native, "value")],
            [Number(attribution, "baselineOutputValue"), Number(attribution, "instanceOutputValue")]
        );
        Assert.Equal(
            ("positive", "probability", 1),
            (
                attribution.GetProperty("outputDisplayName").GetString(),
                attribution.GetProperty("outputName").GetString(),
                attribution.GetProperty("outputIndex")[0].GetInt32()
            )
        );
        Assert.InRange(Number(attribution, "approximationError"), 0, 1e-5);
    }

    [Fact]
    public async Task Every_class_has_an_attribution_of_its_own_where_all_are_asked_for()
    {
        var answer = await service.SentAsync(
            Endpoint + ":explain",
            """{"instances": ["not bad"], "parameters": {"target": {"labels": "all"}}}"""
        );

        var both = Attributions(answer);
        Assert.Equal(["negative", "positive"], both.Texts("outputDisplayName"));
        PeerAnswers.AssertSame(
            both[0].GetProperty("featureAttributions").GetProperty("text").Numbers(),
            both[1].GetProperty("featureAttributions").GetProperty("text").Numbers().Select(score => -score)
        );
    }

    [Theory]
    [InlineData("""{"instances": ["a"], "explanationSpecOverride": {}}""", 400, "INVALID_ARGUMENT")]
    [InlineData("""{"instances": []}""", 400, "INVALID_ARGUMENT")]
    [InlineData("""{"instances": [{"text": "a", "typo": 1}]}""", 400, "INVALID_ARGUMENT")]
    public async Task Refusals_are_those_of_Googles_services(string body, int status, string name)
    {
        var (actual, answer) = await service.SendAsync(Endpoint + ":explain", body);

        var error = Asking.Parse(answer).GetProperty("error");
        Assert.Equal((status, status, name), (actual, error.GetProperty("code").GetInt32(), error.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Switched_off_there_is_nothing_there()
    {
        await using var fake = new FakeService(loaded: true, ("Adapters:Vertex", "false"));

        Assert.Equal(404, (await fake.SendAsync(Endpoint + ":predict", """{"instances": ["a"]}""")).Status);
    }

    private static JsonElement Attributions(JsonElement answer) => answer.GetProperty("explanations")[0].GetProperty("attributions");

    private static double Number(JsonElement element, string field) => element.GetProperty(field).GetDouble();
}
