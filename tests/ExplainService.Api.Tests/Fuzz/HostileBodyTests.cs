using System.Globalization;
using System.Text;
using System.Text.Json;
using ExplainService.Api.Tests.Zoo;

namespace ExplainService.Api.Tests.Fuzz;

/// <summary>
/// Whatever a body says, to models of every task: it is answered, or refused for what is wrong with it. <c>EXPLAIN_FUZZ_REQUESTS</c> sets how
/// many bodies.
/// </summary>
public sealed class HostileBodyTests(ZooService service, ITestOutputHelper output) : IClassFixture<ZooService>
{
    private const int Usual = 500;
    private const int InFlight = 4;

    private static readonly int[] Refusals = [400, 404, 422, 429, 504];

    [Fact]
    public async Task No_body_is_a_fault_of_the_service()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("EXPLAIN_FUZZ_REQUESTS"), CultureInfo.InvariantCulture, out var asked)
            ? asked
            : Usual;
        var http = service.Client;
        var statuses = new SortedDictionary<string, int>();
        var faults = new List<string>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = InFlight },
            async (seed, cancellation) =>
            {
                var (path, body) = new HostileBodies(seed).Next();
                using var content = new StringContent(body, Encoding.UTF8, "application/json");
                using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content, cancellation);
                var fault = Fault(answer, await answer.Content.ReadAsStringAsync(cancellation));
                lock (statuses)
                {
                    var key = $"{path} {(int)answer.StatusCode}";
                    statuses[key] = statuses.GetValueOrDefault(key) + 1;
                    if (fault is not null)
                    {
                        faults.Add($"{fault} for seed {seed}: {path} {body}");
                    }
                }
            }
        );
        output.WriteLine(string.Join(", ", statuses.Select(pair => $"{pair.Key}: {pair.Value}")));
        Assert.True(faults.Count == 0, $"{faults.Count} faults\n" + string.Join('\n', faults.Take(12)));
        foreach (var path in new[] { "/evaluate", "/compare", "/counterfactual" })
        {
            var answered = statuses.GetValueOrDefault(path + " 200");
            Assert.True(answered > count / 60, $"{path}: {answered} bodies of {count} answered, which tests little");
        }
    }

    private static string? Fault(HttpResponseMessage answer, string text)
    {
        var status = (int)answer.StatusCode;
        if (status == 200)
        {
            return JsonDocument.Parse(text).RootElement.TryGetProperty("model", out _) ? null : "an answer of no model";
        }

        if (!Refusals.Contains(status))
        {
            return $"status {status} {text}";
        }

        var problem = JsonDocument.Parse(text).RootElement;
        return answer.Content.Headers.ContentType?.MediaType != "application/problem+json" ? "a problem of another type"
            : problem.GetProperty("status").GetInt32() != status ? "another status in the problem"
            : string.IsNullOrEmpty(problem.GetProperty("detail").GetString()) ? "a problem that says nothing"
            : status == 400 && !problem.TryGetProperty("errors", out _) && !text.Contains("JSON", StringComparison.Ordinal)
                ? "a 400 without the field: " + text
            : null;
    }
}
