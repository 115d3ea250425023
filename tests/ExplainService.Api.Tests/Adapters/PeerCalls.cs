using System.Text.Json;

namespace ExplainService.Api.Tests.Adapters;

/// <summary>One call of every protocol's endpoints that compute, and how each tells what went wrong.</summary>
internal static class PeerCalls
{
    /// <summary>The names of the calls.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "/v1/models/{m}:predict",
        "/v1/models/{m}:explain",
        "/v2/models/{m}/infer",
        "/invocations",
        "/v1/completions",
        "/predictions/{m}",
        "/explanations/{m}",
        "/v1/projects/p/locations/l/endpoints/{m}:predict",
        "/v1/projects/p/locations/l/endpoints/{m}:explain",
    ];

    /// <summary>A call of an endpoint about a text on a model.</summary>
    public static (string Path, string Body, string Type) Of(string name, string model, string text)
    {
        var quoted = JsonSerializer.Serialize(text);
        return name switch
        {
            "/invocations" => (name, $$"""{"model": "{{model}}", "text": {{quoted}}}""", "application/jsonlines"),
            "/v1/completions" => (name, $$"""{"model": "{{model}}", "prompt": {{quoted}}, "max_tokens": 1}""", "application/json"),
            "/v2/models/{m}/infer" => (
                Path(name, model),
                $$"""{"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": [{{quoted}}]}]}""",
                "application/json"
            ),
            "/predictions/{m}" or "/explanations/{m}" => (Path(name, model), $$"""{"text": {{quoted}}}""", "application/json"),
            _ => (Path(name, model), $$"""{"instances": [{{quoted}}]}""", "application/json"),
        };
    }

    /// <summary>What a refusal says, read as the protocol's clients read it.</summary>
    public static string Refusal(string name, int status, string body)
    {
        var answer = Asking.Parse(body);
        if (name.StartsWith("/v1/projects", StringComparison.Ordinal))
        {
            var error = answer.GetProperty("error");
            Assert.Equal(status, error.GetProperty("code").GetInt32());
            Assert.Matches("^[A-Z_]+$", error.GetProperty("status").GetString());
            return error.GetProperty("message").GetString()!;
        }

        if (name == "/v1/completions")
        {
            var error = answer.GetProperty("error");
            Assert.EndsWith("_error", error.GetProperty("type").GetString(), StringComparison.Ordinal);
            return error.GetProperty("message").GetString()!;
        }

        if (name is "/invocations" or "/predictions/{m}" or "/explanations/{m}")
        {
            Assert.Equal(status, answer.GetProperty("code").GetInt32());
            Assert.EndsWith("Exception", answer.GetProperty("type").GetString(), StringComparison.Ordinal);
            return answer.GetProperty("message").GetString()!;
        }

        return answer.GetProperty("error").GetString()!;
    }

    private static string Path(string name, string model) => name.Replace("{m}", model, StringComparison.Ordinal);
}
