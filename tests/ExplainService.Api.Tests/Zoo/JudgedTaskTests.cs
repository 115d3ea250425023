using System.Text.Json;
using System.Text.Json.Nodes;
using static ExplainService.Api.Tests.Faithfulness.Evaluations;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>Judging explanations of every task and of texts in windows, by models with random weights.</summary>
public sealed class JudgedTaskTests(ZooService service) : IClassFixture<ZooService>
{
    /// <summary>Texts about single tokens must keep those, so that the units are named.</summary>
    private static readonly Dictionary<string, string> Requests = new()
    {
        ["bert-cls"] = """{"text": "a gripping and funny film"}""",
        ["bert-cls.int8"] = """{"text": "a gripping and funny film"}""",
        ["albert-cls"] = """{"text": "a gripping and funny film"}""",
        ["deberta-cls"] = """{"text": "a gripping and funny film", "pair": "it was good"}""",
        ["gpt2-cls"] = """{"text": "a gripping and funny film"}""",
        ["bert-ner"] = """{"text": "Angela Merkel met Macron in Paris", "target": {"token": 3}}""",
        ["bert-qa"] = """{"text": "who lives?", "pair": "Anna lives in Berlin with her dog"}""",
        ["bert-mlm"] = """{"text": "the food was [MASK] and cheap"}""",
        ["gpt2-lm"] = """{"text": "the food was good and"}""",
        ["llama-lm"] = """{"text": "the food was good and", "max_new_tokens": 2}""",
        ["t5-s2s"] = """{"text": "a good film", "max_new_tokens": 2}""",
        ["bart-s2s"] = """{"text": "a good film", "target": {"text": "good"}}""",
    };

    private static readonly string Long = string.Join(
        ' ',
        Enumerable.Range(0, 24).Select(index => index % 2 == 0 ? "the acting is worse" : "a gripping, funny film!")
    );

    public static TheoryData<string> Models() => [.. Requests.Keys];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task What_occlusion_measures_agrees_with_leaving_each_unit_out(string model)
    {
        var answer = await AskAsync("/evaluate", model, """{"explanation": {"endpoint": "/occlusion"}, "replacements": ["mask"]}""");

        // Occlusion is leave-one-out, whatever the task's f is.
        Near(1, Value(answer, "loo", "mask"), "loo");
        Assert.All(
            answer.GetProperty("explanation").GetProperty("units").EnumerateArray(),
            unit => Assert.True(unit.TryGetProperty("score", out _))
        );
        foreach (var metric in answer.GetProperty("metrics").EnumerateObject())
        {
            var figures = metric.Value.GetProperty("mask");
            Assert.True(
                figures.TryGetProperty("value", out var value) ? double.IsFinite(value.GetDouble()) : metric.Name is "lds" or "aopc",
                metric.Name
            );
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Methods_are_compared_or_the_one_that_cannot_be_is_named(string model)
    {
        var (status, body) = await PostAsync("/compare", model, """{"random_orders": 2, "max_evaluations": 500}""");
        Assert.True(status == 200, body.GetRawText());
        var units = body.GetProperty("explanations")[0].GetProperty("units").GetArrayLength();
        Assert.True(body.GetProperty("methods").GetArrayLength() >= 2);
        Assert.All(
            body.GetProperty("explanations").EnumerateArray(),
            explanation => Assert.Equal(units, explanation.GetProperty("units").GetArrayLength())
        );
        Assert.All(
            body.GetProperty("methods").EnumerateArray(),
            method =>
                Assert.True(
                    double.IsFinite(method.GetProperty("metrics").GetProperty("area").GetProperty("mask").GetProperty("value").GetDouble())
                )
        );
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Scores_of_another_model_are_measured_or_left_out_and_said(string model)
    {
        var answer = await AskAsync(
            "/evaluate",
            model,
            """{"explanation": {"endpoint": "/saliency", "method": "input_x_gradient"}, "metrics": ["randomisation", "max_sensitivity"], "random_orders": 2}"""
        );
        foreach (var metric in new[] { "randomisation", "max_sensitivity" })
        {
            if (answer.GetProperty("metrics").TryGetProperty(metric, out var figures))
            {
                var value = figures.GetProperty("mask").GetProperty("value").GetDouble();
                Assert.InRange(value, metric == "randomisation" ? -1.000001 : 0, metric == "randomisation" ? 1.000001 : double.MaxValue);
            }
            else
            {
                Assert.Contains("metric_left_out", Codes(answer));
            }
        }
    }

    [Theory]
    [InlineData("""{"endpoint": "/occlusion", "window": 1}""")]
    [InlineData("""{"endpoint": "/saliency", "method": "input_x_gradient"}""")]
    [InlineData("""{"endpoint": "/attention", "aggregate": "rollout"}""")]
    [InlineData("""{"endpoint": "/lime", "samples": 30}""")]
    [InlineData("""{"endpoint": "/shap", "max_evaluations": 30}""")]
    public async Task A_text_in_windows_is_judged_by_the_score_over_its_windows(string explanation)
    {
        var fields =
            $$"""{"text": "{{Long}}", "overflow": "window", "granularity": "sentence", "explanation": {{explanation}}, "replacements": ["mask"]}""";
        var answer = await AskAsync("/evaluate", "bert-cls", fields);
        Assert.True(double.IsFinite(Value(answer, "area", "mask")));
        if (explanation.Contains("occlusion", StringComparison.Ordinal))
        {
            Near(1, Value(answer, "loo", "mask"), "loo");
        }

        // Texts are counted, not windows: 12 sentences have no more than these sets, and the explanation's own.
        Assert.InRange(answer.GetProperty("evaluations").GetInt64(), 20, 700);
    }

    [Theory]
    [InlineData("/evaluate", """{"explanation": {"endpoint": "/attention", "aggregate": "mean"}}""", "explanation")]
    [InlineData(
        "/evaluate",
        """{"explanation": {"endpoint": "/saliency", "method": "smooth_grad", "samples": 2}, "window_reduction": "max"}""",
        null
    )]
    [InlineData(
        "/evaluate",
        """{"explanation": {"endpoint": "/attention", "aggregate": "gradient_relevance"}, "window_reduction": "max"}""",
        "explanation.endpoint"
    )]
    [InlineData(
        "/evaluate",
        """{"explanation": {"endpoint": "/attention", "aggregate": "gradient_relevance", "window_reduction": "max"}}""",
        "explanation.endpoint"
    )]
    [InlineData(
        "/compare",
        """{"methods": [{"endpoint": "/occlusion"}, {"endpoint": "/attention", "aggregate": "gradient_relevance"}], "window_reduction": "max"}""",
        "methods[1].endpoint"
    )]
    public async Task What_looks_into_a_single_pass_is_refused_of_a_text_in_windows(string path, string fields, string? field)
    {
        var request = JsonNode.Parse(fields)!.AsObject();
        (request["text"], request["overflow"], request["granularity"], request["random_orders"]) = (Long, "window", "sentence", 0);
        var (status, body) = await PostAsync(path, "bert-cls", request.ToJsonString());
        Assert.True(status == (field is null ? 200 : 422), body.GetRawText());
        if (field is not null)
        {
            Assert.StartsWith(field, body.GetProperty("errors").EnumerateObject().Single().Name);
        }
    }

    private async Task<JsonElement> AskAsync(string path, string model, string fields)
    {
        var (status, body) = await PostAsync(path, model, fields);
        Assert.True(status == 200, $"{status} {body.GetRawText()}");
        return body;
    }

    private Task<(int Status, JsonElement Body)> PostAsync(string path, string model, string fields)
    {
        var request = JsonNode.Parse(Requests[model])!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(fields)!.AsObject())
        {
            request[name] = value?.DeepClone();
        }

        request["model"] = model;
        return service.PostAsync(path, request);
    }
}
