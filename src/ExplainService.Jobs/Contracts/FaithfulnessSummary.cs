namespace ExplainService.Jobs.Contracts;

/// <summary>How far the scores of the method that was used can be trusted: <c>area</c> over the rows that measured it.</summary>
public sealed record FaithfulnessSummary
{
    /// <summary>The method; of kind <c>compare</c> the recommended one.</summary>
    public required string Method { get; init; }

    /// <summary>Rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Mean area: in logits, how much more is lost with the strongest units removed first than with them removed last.</summary>
    public required double Area { get; init; }

    /// <summary>Its standard error; none of a single row.</summary>
    public double? StandardError { get; init; }

    /// <summary>Mean area of random rankings of the same units.</summary>
    public double? Random { get; init; }

    /// <summary>Mean over the rows of how many standard deviations of random rankings the area is above their mean.</summary>
    public double? Z { get; init; }
}
