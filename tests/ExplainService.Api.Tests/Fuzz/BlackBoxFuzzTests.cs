using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace ExplainService.Api.Tests.Fuzz;

/// <summary>
/// Any request is answered or refused by what is wrong with it; none is a fault of the service. <c>EXPLAIN_FUZZ_REQUESTS</c> sets how many
/// (10,000 before a release); with more than the usual few hundred the memory is watched too.
/// </summary>
public sealed class BlackBoxFuzzTests(Service service, ITestOutputHelper output) : IClassFixture<Service>
{
    private const int Usual = 300;
    private const int InFlight = 4;
    private static readonly HttpStatusCode[] Refusals =
        [HttpStatusCode.BadRequest, HttpStatusCode.UnprocessableEntity, HttpStatusCode.TooManyRequests, HttpStatusCode.GatewayTimeout];

    [Fact]
    public async Task Every_request_is_answered_or_refused_for_what_is_wrong_with_it()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("EXPLAIN_FUZZ_REQUESTS"), CultureInfo.InvariantCulture, out var asked) ? asked : Usual;
        var http = service.Http;
        var statuses = new SortedDictionary<int, int>();
        var memory = new List<long>();
        for (var first = 0; first < count; first += 500)
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(first, Math.Min(500, count - first)),
                new ParallelOptions { MaxDegreeOfParallelism = InFlight },
                async (seed, cancellation) =>
                {
                    var status = await AskAsync(http, seed, cancellation);
                    lock (statuses)
                    {
                        statuses[status] = statuses.GetValueOrDefault(status) + 1;
                    }
                });
            GC.Collect();
            memory.Add(Environment.WorkingSet >> 20);
        }

        output.WriteLine($"{string.Join(", ", statuses.Select(pair => $"{pair.Key}: {pair.Value}"))}; MB after every 500: {string.Join(" ", memory)}");
        Assert.True(statuses.GetValueOrDefault(200) > count / 4, "most requests are to be answered, or the test tests little");
        if (memory.Count >= 6)
        {
            // Flat: the last third holds no more than the middle one and what the caches may keep.
            var third = memory.Count / 3;
            Assert.InRange(memory[^third..].Average(), 0, memory[third..(2 * third)].Average() + 64);
        }
    }

    private static async Task<int> AskAsync(HttpClient http, int seed, CancellationToken cancellation)
    {
        var (path, body) = new RandomRequests(seed).Next();
        var label = $"seed {seed}: {path} {body}";
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content, cancellation);
        var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation)).RootElement;
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            Check(JsonDocument.Parse(body).RootElement, json, label);
        }
        else
        {
            Assert.True(Refusals.Contains(answer.StatusCode), $"{(int)answer.StatusCode} {json} for {label}");
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            Assert.Equal((int)answer.StatusCode, json.GetProperty("status").GetInt32());
            Assert.All(new[] { "type", "title", "detail", "trace_id" }, field => Assert.False(string.IsNullOrEmpty(json.GetProperty(field).GetString()), label));
        }

        return (int)answer.StatusCode;
    }

    /// <summary>Units are pieces of the text as sent, in order, with finite scores, and Shapley values add up.</summary>
    private static void Check(JsonElement request, JsonElement answer, string label)
    {
        var codePoints = request.TryGetProperty("offset_unit", out var unit) && unit.GetString() == "codepoint";
        var units = answer.GetProperty("units").EnumerateArray().ToArray();
        Assert.True(units.Length > 0, label);
        var last = (Pair: false, End: 0);
        foreach (var one in units)
        {
            var pair = one.TryGetProperty("in", out _);
            var text = request.GetProperty(pair ? "pair" : "text").GetString()!;
            var (start, end) = (one.GetProperty("start").GetInt32(), one.GetProperty("end").GetInt32());
            Assert.True(Slice(text, start, end, codePoints) == one.GetProperty("text").GetString(), label);
            Assert.True(pair != last.Pair || start >= last.End || request.TryGetProperty("granularity", out _), "order: " + label);
            Assert.True(double.IsFinite(one.GetProperty("score").GetDouble()), label);
            Assert.True(!one.TryGetProperty("standard_error", out var error) || error.GetDouble() >= 0, label);
            last = (pair, end);
        }

        if (answer.TryGetProperty("base_value", out var baseValue))
        {
            var (sum, value) = (units.Sum(one => one.GetProperty("score").GetDouble()), answer.GetProperty("value").GetDouble());
            Assert.True(Math.Abs(baseValue.GetDouble() + sum - value) < 1e-5, "adds up: " + label);
            Assert.True(answer.GetProperty("evaluations").GetInt32() <= request.GetProperty("max_evaluations").GetInt32(), "budget: " + label);
        }
    }

    private static string Slice(string text, int start, int end, bool codePoints) =>
        codePoints ? string.Concat(text.EnumerateRunes().Skip(start).Take(end - start)) : text[start..end];
}
