using System.Globalization;
using ExplainService.Goldens;
using ExplainService.Methods;
using ExplainService.Methods.Attention;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness;
using ExplainService.Methods.Lime;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Saliency;
using ExplainService.Methods.Shapley;
using ExplainService.Runtime;
using ExplainService.Runtime.Models;
using ExplainService.Runtime.Sessions;

namespace ExplainService.Benchmarks;

/// <summary>
/// Which explanation of the bundled classifier is the most faithful: the area between the curves of removing the least and the most relevant
/// words first, of the target's logit, words masked, over the first 48 sentences of SST-2's development set. What <c>/compare</c> answers.
/// </summary>
internal static class Faithfulness
{
    private const int Sentences = 48;
    private const string Metric = "area";
    private const string Replacement = "mask";

    private static readonly AttentionAggregate[] Aggregates = [AttentionAggregate.GradientRelevance, AttentionAggregate.Rollout];

    private static readonly string[] Relevances = ["cp_lrp", "attn_lrp"];

    public static async Task PrintAsync(TextWriter writer)
    {
        await using var registry = new ModelRegistry(
            new ModelOptions { PrepareForms = false, Directory = ReferenceData.BundledModels },
            new RuntimeOptions(),
            TimeProvider.System
        );
        var explainer = new Explainer(registry, MethodCatalog.Default, TimeProvider.System);
        using var clock = new RequestClock(default, default);
        var answer = (CompareAnswer)
            await explainer.ExplainAsync(
                new CompareRequest
                {
                    Model = "minilm-sst2",
                    Objective = Objective.Logit,
                    Texts = [.. Texts()],
                    Methods = [.. Methods()],
                    Metrics = [Metric],
                    Replacements = [new ReplacementRequest(ReplacementKind.Mask)],
                    MaxEvaluations = 100_000,
                },
                new WorkOptions(),
                clock
            );
        await writer.WriteLineAsync("| method | area | ± | z | evaluations a text |");
        await writer.WriteLineAsync("|---|---|---|---|---|");
        foreach (var method in answer.Methods.OrderByDescending(method => Area(method).Value))
        {
            var area = Area(method);
            await Row(
                method.Name,
                area.Value,
                area.StandardError,
                FormattableString.Invariant($"{area.Z:0.0}"),
                FormattableString.Invariant($"{(double)method.Evaluations / Sentences:0}")
            );
        }

        var random = Area(answer.Methods[0]).Random!;
        await Row("random", random.Mean, random.Sd / Math.Sqrt(Sentences * 20.0), "0", "0");
        await writer.WriteLineAsync();
        await writer.WriteLineAsync(answer.Recommendation!.Reason);

        Task Row(string name, double? area, double? error, string z, string evaluations) =>
            writer.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"| {name} | {area:0.000} | {error:0.000} | {z} | {evaluations} |")
            );
    }

    private static IEnumerable<string> Texts() =>
        File.ReadLines(ReferenceData.PathOf("texts", "sst2.dev.tsv")).Skip(1).Take(Sentences).Select(line => line.Split('\t')[1].Trim());

    private static IEnumerable<ExplanationSource> Methods() =>
        [
            .. SaliencyAlgorithms.All.Select(algorithm =>
                Source("/saliency", algorithm.Name, new SaliencyRequest { Method = algorithm.Name })
            ),
            .. Relevances.Select(method =>
                Source(
                    "/saliency",
                    method + ", 3 points from mask",
                    new SaliencyRequest
                    {
                        Method = method,
                        Steps = 3,
                        Baseline = new BaselineRequest(BaselineKind.Mask),
                    }
                )
            ),
            .. Aggregates.Select(aggregate =>
                Source("/attention", EnumNames.Of(aggregate), new AttentionRequest { Aggregate = aggregate })
            ),
            Source("/shap", "shap, 64 evaluations", new ShapRequest { MaxEvaluations = 64 }),
            Source("/shap", "shap, 256 evaluations", new ShapRequest { MaxEvaluations = 256 }),
            Source("/lime", "lime, 500 samples", new LimeRequest()),
            Source("/occlusion", "occlusion", new OcclusionRequest()),
        ];

    private static ExplanationSource Source(string endpoint, string name, TextRequest request) =>
        new()
        {
            Endpoint = endpoint,
            Name = name,
            Request = request,
        };

    private static MetricAnswer Area(ComparedMethod method) => method.Metrics[Metric][Replacement];
}
