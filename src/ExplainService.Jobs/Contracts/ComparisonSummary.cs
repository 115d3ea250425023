using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness;

namespace ExplainService.Jobs.Contracts;

/// <summary>Of kind <c>compare</c>: which explanation is the most faithful over all rows, as <c>/compare</c> says it of several texts.</summary>
public sealed record ComparisonSummary
{
    /// <summary>Rows that were compared.</summary>
    public required int Texts { get; init; }

    /// <summary>The methods, in the order of the request.</summary>
    public required IReadOnlyList<MethodFigures> Methods { get; init; }

    /// <summary>[method][method]: mean of Spearman's coefficient between the scores of two methods; null where scores are all equal.</summary>
    public required IReadOnlyList<IReadOnlyList<double?>> Agreement { get; init; }

    /// <summary>The method with the largest mean <c>area</c>; none where it was measured of none.</summary>
    public Recommendation? Recommendation { get; init; }

    /// <summary>How it differs from each other method, by paired t-tests with Holm's correction.</summary>
    public required IReadOnlyList<PairedDifference> Differences { get; init; }
}

/// <summary>A method of a comparison.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Metrics">{metric: {replacement: figures}}: means with their standard errors.</param>
/// <param name="Evaluations">Texts that it scored or differentiated, over all rows.</param>
public sealed record MethodFigures(
    string Name,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, MetricAnswer>> Metrics,
    long Evaluations
);
