using System.Text.Json;
using ExplainService.Api.Tests.Fakes;

namespace ExplainService.Api.Tests.Adapters;

/// <summary>OpenAI's completions on the bundled causal model, called as Captum's provider for vLLM calls them.</summary>
public sealed class OpenAiTests(Service service) : IClassFixture<Service>
{
    private const string Model = "gpt-reviews";
    private const string Prompt = "A gripping film";

    /// <summary>
    /// <c>VLLMProvider</c> takes the first model of the list, sends prompt and target as one text and reads, of every token but the first, the
    /// first of its log-probabilities.
    /// </summary>
    [Fact]
    public async Task Captum_reads_the_log_probability_of_a_target_as_the_native_endpoint_has_it()
    {
        var (_, models) = await service.GetAsync("/v1/models");
        Assert.Equal(
            ("list", Model),
            (models.GetProperty("object").GetString(), models.GetProperty("data")[0].GetProperty("id").GetString())
        );
        const string Target = " and a warm one";
        var native = await service.AskAsync(
            "/predict",
            new
            {
                model = Model,
                text = Prompt,
                target = new { continuation = Target },
            }
        );
        var generated = native.GetProperty("generated");

        var answer = await service.SentAsync(
            "/v1/completions",
            $$"""{"model": "{{Model}}", "prompt": "{{Prompt}}{{Target}}", "temperature": 0.0, "max_tokens": 1, "prompt_logprobs": 0}"""
        );

        var places = answer.GetProperty("choices")[0].GetProperty("prompt_logprobs").EnumerateArray().ToArray();
        Assert.Equal(JsonValueKind.Null, places[0].ValueKind);
        var read = places[1..].Select(place => place.EnumerateObject().First().Value.GetProperty("logprob").GetDouble()).ToArray();
        PeerAnswers.AssertSame(generated.Numbers("probability").Select(number => Math.Log(number)), read[^generated.GetArrayLength()..]);
    }

    /// <summary>The model's end is its end also where no further token was allowed.</summary>
    [Fact]
    public async Task A_continuation_that_ends_with_the_last_token_that_is_allowed_has_stopped()
    {
        var whole = await CompleteAsync(200);
        Assert.Equal("stop", whole.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        var made = whole.GetProperty("usage").GetProperty("completion_tokens").GetInt32();

        Assert.Equal("stop", (await CompleteAsync(made)).GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal("length", (await CompleteAsync(made - 1)).GetProperty("choices")[0].GetProperty("finish_reason").GetString());

        Task<JsonElement> CompleteAsync(int most) =>
            service.SentAsync("/v1/completions", $$"""{"model": "{{Model}}", "prompt": "{{Prompt}}", "max_tokens": {{most}}}""");
    }

    [Fact]
    public async Task The_first_token_follows_nothing_and_each_other_is_as_likely_as_when_it_is_asked_for()
    {
        var tokens = (await service.AskAsync("/tokenize", new { model = Model, text = Prompt })).GetProperty("tokens");
        var first = tokens[0].GetProperty("text").GetString();
        var ids = tokens.EnumerateArray().Skip(1).Select(token => token.GetProperty("id").GetInt32()).ToArray();
        var native = await service.AskAsync(
            "/predict",
            new
            {
                model = Model,
                text = first,
                target = new { token_ids = ids },
            }
        );

        var answer = await service.SentAsync(
            "/v1/completions",
            $$"""{"model": "{{Model}}", "prompt": "{{Prompt}}", "max_tokens": 0, "echo": true, "logprobs": 3}"""
        );

        var logprobs = answer.GetProperty("choices")[0].GetProperty("logprobs");
        Assert.Equal(Prompt, string.Concat(logprobs.GetProperty("tokens").Texts()));
        Assert.Equal(Prompt, answer.GetProperty("choices")[0].GetProperty("text").GetString());
        PeerAnswers.AssertSame(
            native.GetProperty("generated").Numbers("probability").Select(number => Math.Log(number)),
            logprobs.GetProperty("token_logprobs").EnumerateArray().Skip(1).Select(number => number.GetDouble())
        );
        Assert.Equal(JsonValueKind.Null, logprobs.GetProperty("token_logprobs")[0].ValueKind);
        Assert.Equal(0, logprobs.GetProperty("text_offset")[0].GetInt32());
        Assert.All(
            logprobs.GetProperty("top_logprobs").EnumerateArray().Skip(1),
            place => Assert.InRange(place.EnumerateObject().Count(), 1, 4)
        );
    }

    [Fact]
    public async Task A_continuation_is_the_native_greedy_one_and_its_likeliest_token_is_its_own()
    {
        var native = await service.AskAsync(
            "/predict",
            new
            {
                model = Model,
                text = Prompt,
                max_new_tokens = 4,
            }
        );

        var answer = await service.SentAsync(
            "/v1/completions",
            $$"""{"model": "{{Model}}", "prompt": ["{{Prompt}}", "Dull"], "max_tokens": 4, "logprobs": 1, "temperature": null, "top_p": 1}"""
        );

        var choices = answer.GetProperty("choices");
        Assert.Equal([0, 1], choices.Numbers("index"));
        Assert.Equal(native.GetProperty("prediction").GetProperty("text").GetString(), choices[0].GetProperty("text").GetString());
        var logprobs = choices[0].GetProperty("logprobs");
        PeerAnswers.AssertSame(
            native.GetProperty("generated").Numbers("probability").Select(number => Math.Log(number)),
            logprobs.GetProperty("token_logprobs").Numbers()
        );
        PeerAnswers.AssertSame(
            logprobs.GetProperty("token_logprobs").Numbers(),
            logprobs.GetProperty("top_logprobs").EnumerateArray().Select(place => place.EnumerateObject().First().Value.GetDouble())
        );
        var usage = answer.GetProperty("usage");
        Assert.Equal(8, usage.GetProperty("completion_tokens").GetInt32());
    }

    [Theory]
    [InlineData("\"temperature\": 0.7", "temperature")]
    [InlineData("\"n\": 2", "n")]
    [InlineData("\"stream\": true", "stream")]
    [InlineData("\"stop\": [\".\"]", "stop")]
    [InlineData("\"logprobs\": 21", "logprobs")]
    [InlineData("\"max_tokens\": 100000", "max_tokens")]
    [InlineData("\"max_tokens\": -1", "max_tokens")]
    public async Task What_does_not_map_is_refused_by_its_name(string field, string name)
    {
        var (status, body) = await service.SendAsync("/v1/completions", $$"""{"model": "{{Model}}", "prompt": "a", {{field}}}""");

        var error = Asking.Parse(body).GetProperty("error");
        Assert.Equal((400, "invalid_request_error"), (status, error.GetProperty("type").GetString()));
        Assert.Equal(name, error.GetProperty("param").GetString());
        Assert.Contains(name, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_continues_nothing_is_refused()
    {
        var (status, body) = await service.SendAsync("/v1/completions", """{"model": "minilm-sst2", "prompt": "a"}""");

        Assert.Equal(400, status);
        Assert.True(Asking.Parse(body).TryGetProperty("error", out _), body);
    }

    [Fact]
    public async Task Without_the_version_the_list_of_models_is_the_native_one()
    {
        var (_, native) = await service.GetAsync("/models");
        Assert.False(native.TryGetProperty("data", out _));

        await using var fake = new FakeService(loaded: true, ("Adapters:OpenAi", "false"));
        Assert.False((await fake.GetAsync("/v1/models")).Body.TryGetProperty("data", out _));
        Assert.Equal(404, (await fake.SendAsync("/v1/completions", """{"model": "good", "prompt": "a"}""")).Status);
    }
}
