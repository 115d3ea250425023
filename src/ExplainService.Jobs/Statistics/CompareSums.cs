using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness;

namespace ExplainService.Jobs.Statistics;

/// <summary>Comparisons of single rows as one of all.</summary>
internal sealed class CompareSums
{
    private readonly ComparisonSums sums = new();

    /// <summary>One more row's.</summary>
    public void Add(JsonElement line) => sums.Add(line.Deserialize<CompareAnswer>(JobsJson.Lines)!);

    /// <summary>What they say; null where there is none.</summary>
    public ComparisonFindings? Findings()
    {
        if (sums.IsEmpty)
        {
            return null;
        }

        var answer = sums.Answer();
        var summary = new ComparisonSummary
        {
            Texts = answer.Texts ?? 0,
            Methods = [.. answer.Methods.Select(method => new MethodFigures(method.Name, method.Metrics, method.Evaluations))],
            Agreement = answer.Agreement,
            Recommendation = answer.Recommendation,
            Differences = answer.Differences ?? [],
        };
        return new ComparisonFindings(summary, Faithfulness(answer), answer.Warnings);
    }

    /// <summary>Of the recommended method: means over the replacements.</summary>
    private FaithfulnessSummary? Faithfulness(CompareAnswer answer)
    {
        if (answer.Recommendation is not { Name: var name } || sums.AreasOf(name) is not { } areas)
        {
            return null;
        }

        MetricAnswer[] figures = [.. answer.Methods.First(method => method.Name == name).Metrics[QualitySums.Metric].Values];
        return new FaithfulnessSummary
        {
            Method = name,
            Rows = areas.Count,
            Area = areas.Mean,
            StandardError = areas.StandardError,
            Random = figures.All(figure => figure.Random is not null) ? figures.Average(figure => figure.Random!.Mean) : null,
            Z = figures.All(figure => figure.Z is not null) ? figures.Average(figure => figure.Z!.Value) : null,
        };
    }
}

/// <summary>What comparisons say together.</summary>
/// <param name="Summary">The comparison.</param>
/// <param name="Faithfulness">How far the recommended method's scores can be trusted; null where none is recommended.</param>
/// <param name="Warnings">What a reader must know, each with how many rows it is about.</param>
internal sealed record ComparisonFindings(ComparisonSummary Summary, FaithfulnessSummary? Faithfulness, IReadOnlyList<string> Warnings);
