using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ExplainService.Api.Tests.Fuzz;

/// <summary>
/// Any request is answered or refused by what is wrong with it; none is a fault of the service. <c>EXPLAIN_FUZZ_REQUESTS</c> sets how many
/// (10,000 before a release; the benchmarks' <c>soak</c> asks a real process as many and watches its memory).
/// </summary>
public sealed class BlackBoxFuzzTests(Service service, ITestOutputHelper output) : IClassFixture<Service>
{
    private const int Usual = 300;
    private const int InFlight = 4;

    [Fact]
    public async Task Every_request_is_answered_or_refused_for_what_is_wrong_with_it()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("EXPLAIN_FUZZ_REQUESTS"), CultureInfo.InvariantCulture, out var asked)
            ? asked
            : Usual;
        var http = service.Client;
        var statuses = new SortedDictionary<int, int>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = InFlight },
            async (seed, cancellation) =>
            {
                var status = await AskAsync(http, seed, cancellation);
                lock (statuses)
                {
                    statuses[status] = statuses.GetValueOrDefault(status) + 1;
                }
            }
        );
        output.WriteLine(string.Join(", ", statuses.Select(pair => $"{pair.Key}: {pair.Value}")));
        Assert.True(statuses.GetValueOrDefault(200) > count / 4, "most requests are to be answered, or the test tests little");
    }

    private static async Task<int> AskAsync(HttpClient http, int seed, CancellationToken cancellation)
    {
        var (path, body) = new RandomRequests(seed).Next();
        var label = $"seed {seed}: {path} {body}";
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content, cancellation);
        var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation)).RootElement;
        var fault = FuzzedAnswer.Fault(
            JsonDocument.Parse(body).RootElement,
            (int)answer.StatusCode,
            answer.Content.Headers.ContentType?.MediaType,
            json
        );
        Assert.True(fault is null, $"{fault} in {(int)answer.StatusCode} {json} for {label}");
        return (int)answer.StatusCode;
    }
}
