using System.Text.Json;
using System.Text.RegularExpressions;
using ExplainService.Goldens;

namespace ExplainService.Api.Tests.Architecture;

/// <summary>Calls by curl in the documentation that show their answer: the service gives that answer.</summary>
public sealed partial class DocumentedCallsTests(Service service) : IClassFixture<Service>
{
    /// <summary>Answers are shown rounded to four places; a batch may change the last bits of a score.</summary>
    private const double Rounding = 1e-4;

    public static TheoryData<string, string, string> Calls =>
        new(
            from page in new[] { "README.md", "docs/api.md" }
            from call in Call().Matches(File.ReadAllText(Path.Combine(ReferenceData.Root, page)))
            select (call.Groups["path"].Value, call.Groups["request"].Value, call.Groups["answer"].Value)
        );

    [Fact]
    public void The_readme_shows_three_answers() =>
        Assert.Equal(3, Call().Count(File.ReadAllText(Path.Combine(ReferenceData.Root, "README.md"))));

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_shown_answer_is_a_part_of_the_real_one(string path, string request, string answer)
    {
        var (status, real) = await service.PostAsync(path, request);

        Assert.Equal(200, status);
        AssertPart(Asking.Parse(answer), real, path);
    }

    private static void AssertPart(JsonElement shown, JsonElement real, string where)
    {
        switch (shown.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var field in shown.EnumerateObject())
                {
                    Assert.True(real.TryGetProperty(field.Name, out var value), $"{where} has no {field.Name}");
                    AssertPart(field.Value, value, $"{where}.{field.Name}");
                }

                break;
            case JsonValueKind.Array:
                Assert.Equal(shown.GetArrayLength(), real.GetArrayLength());
                foreach (var (index, item) in shown.EnumerateArray().Index())
                {
                    AssertPart(item, real[index], $"{where}[{index}]");
                }

                break;
            case JsonValueKind.Number:
                Assert.True(Math.Abs(shown.GetDouble() - real.GetDouble()) <= Rounding, $"{where} is {real}, not {shown}");
                break;
            default:
                Assert.Equal(shown.ToString(), real.ToString());
                break;
        }
    }

    [GeneratedRegex(
        @"^curl -s localhost:8080(?<path>/\w+) -H 'content-type: application/json'[ \\\n]+-d '(?<request>[^']+)'\n```\n```json\n(?<answer>\{.*\})\n```",
        RegexOptions.Multiline
    )]
    private static partial Regex Call();
}
