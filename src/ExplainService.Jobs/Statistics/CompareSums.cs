using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Methods.Faithfulness;

namespace ExplainService.Jobs.Statistics;

/// <summary>Comparisons of single rows as one of all.</summary>
internal sealed class CompareSums
{
    private readonly ComparisonSums sums = new();
    private bool isEmpty = true;

    /// <summary>One more row's.</summary>
    public void Add(JsonElement line)
    {
        sums.Add(line.Deserialize<CompareAnswer>(JobsJson.Lines)!);
        isEmpty = false;
    }

    /// <summary>What they say; null where there is none.</summary>
    public ComparisonSummary? Summary()
    {
        if (isEmpty)
        {
            return null;
        }

        var answer = sums.Answer();
        return new ComparisonSummary
        {
            Texts = answer.Texts ?? 0,
            Methods = [.. answer.Methods.Select(method => new MethodFigures(method.Name, method.Metrics, method.Evaluations))],
            Agreement = answer.Agreement,
            Recommendation = answer.Recommendation,
            Differences = answer.Differences ?? [],
        };
    }

    /// <summary>What a reader must know, each with how many rows it is about.</summary>
    public IReadOnlyList<string> Warnings() => isEmpty ? [] : sums.Answer().Warnings;
}
