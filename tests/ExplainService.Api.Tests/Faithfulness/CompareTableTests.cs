using System.Globalization;
using ExplainService.Goldens;

namespace ExplainService.Api.Tests.Faithfulness;

/// <summary>The table of methods in <c>docs/benchmarks.md</c> is what <c>/compare</c> answers on the same 48 sentences of SST-2.</summary>
public sealed class CompareTableTests(Service service) : IClassFixture<Service>
{
    private const int Sentences = 48;

    /// <summary>Processors round differently, and two words of nearly one score may change places.</summary>
    private const double Tolerance = 0.03;

    /// <summary>Those that take a pass or a few; the others cost a hundred times as much.</summary>
    private static readonly object[] Methods =
    [
        new { endpoint = "/saliency", method = "attn_lrp" },
        new { endpoint = "/saliency", method = "cp_lrp" },
        new { endpoint = "/saliency", method = "gradient" },
        new { endpoint = "/saliency", method = "input_x_gradient" },
        new { endpoint = "/attention", aggregate = "gradient_relevance" },
        new { endpoint = "/attention", aggregate = "rollout" },
        new { endpoint = "/occlusion" },
    ];

    private static readonly string[] Names =
    [
        "attn_lrp",
        "cp_lrp",
        "gradient",
        "input_x_gradient",
        "gradient_relevance",
        "rollout",
        "occlusion",
    ];

    [Fact]
    public async Task What_the_documentation_says_of_methods_is_what_the_service_says()
    {
        var texts = File.ReadLines(ReferenceData.PathOf("texts", "sst2.dev.tsv"))
            .Skip(1)
            .Take(Sentences)
            .Select(line => line.Split('\t')[1].Trim())
            .ToArray();
        var answer = await service.AskAsync(
            "/compare",
            new
            {
                model = "minilm-sst2",
                texts,
                objective = "logit",
                methods = Methods,
                metrics = new[] { "area" },
                replacements = new[] { "mask" },
                random_orders = 2,
                max_evaluations = 5000,
            }
        );

        var written = Written();
        var said = answer.GetProperty("methods").EnumerateArray().ToArray();
        Assert.Equal(Names.Length, said.Length);
        foreach (var (name, method) in Names.Zip(said))
        {
            var area = method.GetProperty("metrics").GetProperty("area").GetProperty("mask").GetProperty("value").GetDouble();
            Assert.True(Math.Abs(written[name] - area) < Tolerance, $"{name}: {area:0.000}, written is {written[name]:0.000}");
        }
    }

    private static Dictionary<string, double> Written() =>
        File.ReadLines(Path.Combine(ReferenceData.Root, "docs", "benchmarks.md"))
            .SkipWhile(line => !line.StartsWith("| method | area |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .ToDictionary(cells => cells[1], cells => double.Parse(cells[2], CultureInfo.InvariantCulture), StringComparer.Ordinal);
}
