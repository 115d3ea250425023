using System.Text.Json;
using System.Text.Json.Nodes;

namespace ExplainService.Api.Tests.Faithfulness;

/// <summary>Asking <c>/evaluate</c> and reading what it answers.</summary>
internal static class Evaluations
{
    private const double Tolerance = 1e-6;

    public static Task<JsonElement> EvaluateAsync(this Service service, string text, string explanation, object fields)
    {
        var request = JsonSerializer.SerializeToNode(fields)!.AsObject();
        request["text"] = text;
        request["explanation"] = JsonNode.Parse(explanation);
        return service.AskAsync("/evaluate", request);
    }

    public static JsonElement Figures(JsonElement answer, string metric, string replacement) =>
        answer.GetProperty("metrics").GetProperty(metric).GetProperty(replacement);

    public static double Value(JsonElement answer, string name, string replacement)
    {
        var parts = name.Split('.');
        var figures = Figures(answer, parts[0], replacement);
        return (parts.Length > 1 ? figures.GetProperty(parts[1]) : figures).GetProperty("value").GetDouble();
    }

    public static IEnumerable<string?> Codes(JsonElement answer) =>
        answer.GetProperty("warning_codes").EnumerateArray().Select(code => code.GetString());

    public static void Near(double expected, double actual, string what) =>
        Assert.True(Math.Abs(expected - actual) <= Tolerance, $"{what}: {expected} by the definition, {actual} in the answer");
}
