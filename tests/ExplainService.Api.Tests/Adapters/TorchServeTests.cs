using ExplainService.Api.Tests.Fakes;

namespace ExplainService.Api.Tests.Adapters;

/// <summary>TorchServe's inference API, with requests as its examples for text classifiers and Captum send them.</summary>
public sealed class TorchServeTests(Service service) : IClassFixture<Service>
{
    private const string Text = "A gripping film, and a warm one.";

    /// <summary><c>curl -X POST …/predictions/my_tc -T sample_text.txt</c>, and JSON with <c>data</c>.</summary>
    [Theory]
    [InlineData(Text, "text/plain")]
    [InlineData(Text, "application/x-www-form-urlencoded")]
    [InlineData($$"""{"data": "{{Text}}"}""", "application/json")]
    [InlineData($$"""{"text": "{{Text}}"}""", "application/json")]
    public async Task A_text_is_answered_with_the_probability_of_each_class(string body, string type)
    {
        var native = await service.AskAsync("/predict", new { text = Text });

        var answer = await service.SentAsync("/predictions/minilm-sst2", body, type);

        Assert.Equal(["negative", "positive"], answer.EnumerateObject().Select(label => label.Name));
        PeerAnswers.AssertSame(
            native.GetProperty("prediction").GetProperty("labels").Numbers("probability"),
            answer.EnumerateObject().Select(label => label.Value.GetDouble())
        );
    }

    /// <summary><c>curl -T sample_text_captum_input.txt</c>: PUT, without a content type.</summary>
    [Fact]
    public async Task An_explanation_is_that_of_integrated_gradients_token_by_token()
    {
        var native = await service.AskAsync(
            "/saliency",
            new
            {
                text = Text,
                method = "integrated_gradients",
                target = new { label = 1 },
            }
        );
        using var request = new HttpRequestMessage(HttpMethod.Put, "/explanations/minilm-sst2");
        request.Content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes($$"""{"text": "{{Text}}", "target": 1}"""));

        using var answer = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)answer.StatusCode);
        var explanation = Asking.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var tokens = native.GetProperty("tokens");
        Assert.Equal(tokens.Texts("token"), explanation.GetProperty("words").Texts());
        PeerAnswers.AssertSame(tokens.Numbers("score"), explanation.GetProperty("importances").Numbers());
        Assert.Equal(
            native.GetProperty("completeness_error").GetDouble(),
            explanation.GetProperty("delta").GetDouble(),
            PeerAnswers.Tolerance
        );
    }

    [Fact]
    public async Task A_prediction_of_a_text_that_was_cut_says_so_in_a_header()
    {
        var text = string.Join(' ', Enumerable.Repeat("fun", 2000));
        using var answer = await service.Client.PostAsync(
            new Uri("/predictions/minilm-sst2", UriKind.Relative),
            new StringContent($$"""{"text": "{{text}}", "overflow": "truncate"}""", System.Text.Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal("text_truncated", Assert.Single(answer.Headers.GetValues("X-Warning-Codes")));
    }

    [Fact]
    public async Task A_form_is_refused_with_what_to_send()
    {
        var (status, body) = await service.SendAsync("/predictions/minilm-sst2", "--x--", "multipart/form-data; boundary=x");

        Assert.Equal((415, 415), (status, Asking.Parse(body).GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task Switched_off_there_is_nothing_there()
    {
        await using var fake = new FakeService(loaded: true, ("Adapters:TorchServe", "false"));

        Assert.Equal(404, (await fake.SendAsync("/predictions/good", "a", "text/plain")).Status);
    }
}
