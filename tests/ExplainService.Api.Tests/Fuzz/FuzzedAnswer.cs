using System.Globalization;
using System.Text.Json;

namespace ExplainService.Api.Tests.Fuzz;

/// <summary>What must hold of the answer to any request at all.</summary>
internal static class FuzzedAnswer
{
    private static readonly int[] Refusals = [400, 422, 429, 504];
    private static readonly string[] ProblemFields = ["type", "title", "detail", "trace_id"];

    /// <summary>What is wrong with an answer; null: nothing.</summary>
    public static string? Fault(JsonElement request, int status, string? mediaType, JsonElement answer) =>
        status == 200 ? Answer(request, answer) : Problem(status, mediaType, answer);

    /// <summary>A request is refused for what is wrong with it, never for a fault of the service.</summary>
    private static string? Problem(int status, string? mediaType, JsonElement problem) =>
        !Refusals.Contains(status) ? "a status that no request of these should meet"
        : mediaType != "application/problem+json" ? "problem of the type " + mediaType
        : problem.GetProperty("status").GetInt32() != status ? "another status in the problem"
        : ProblemFields.FirstOrDefault(field => string.IsNullOrEmpty(problem.GetProperty(field).GetString())) is { } missing
            ? "a problem without " + missing
        : null;

    /// <summary>Units are pieces of the text as sent, in order, with finite scores, and Shapley values add up.</summary>
    private static string? Answer(JsonElement request, JsonElement answer)
    {
        var codePoints = request.TryGetProperty("offset_unit", out var unit) && unit.GetString() == "codepoint";
        var units = answer.GetProperty("units").EnumerateArray().ToArray();
        if (units.Length == 0)
        {
            return "no units";
        }

        var last = (Pair: false, End: 0);
        foreach (var one in units)
        {
            var pair = one.TryGetProperty("in", out _);
            var text = request.GetProperty(pair ? "pair" : "text").GetString()!;
            var (start, end) = (one.GetProperty("start").GetInt32(), one.GetProperty("end").GetInt32());
            if (Slice(text, start, end, codePoints) != one.GetProperty("text").GetString())
            {
                return "a unit that is not its piece of the text";
            }

            if (pair == last.Pair && start < last.End && !request.TryGetProperty("granularity", out _))
            {
                return "units out of order";
            }

            // A unit without a score has its parts to tell of it.
            var scored = one.TryGetProperty("score", out var score)
                ? double.IsFinite(score.GetDouble())
                : one.TryGetProperty("units", out _);
            if (!scored || (one.TryGetProperty("standard_error", out var error) && error.GetDouble() < 0))
            {
                return "a score or standard error that is none";
            }

            last = (pair, end);
        }

        return answer.GetProperty("method").GetString() == "shap"
            ? Shapley(request, answer, answer.GetProperty("base_value").GetDouble(), units)
            : null;
    }

    private static string? Shapley(JsonElement request, JsonElement answer, double baseValue, JsonElement[] units)
    {
        var gap = baseValue + units.Sum(one => one.GetProperty("score").GetDouble()) - answer.GetProperty("value").GetDouble();
        return Math.Abs(gap) >= 1e-5 ? "Shapley values that are off by " + gap.ToString(CultureInfo.InvariantCulture)
            : answer.GetProperty("evaluations").GetInt32() > request.GetProperty("max_evaluations").GetInt32()
                ? "more evaluations than max_evaluations"
            : null;
    }

    private static string Slice(string text, int start, int end, bool codePoints) =>
        codePoints ? string.Concat(text.EnumerateRunes().Skip(start).Take(end - start)) : text[start..end];
}
