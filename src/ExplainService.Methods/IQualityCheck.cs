using ExplainService.Methods.Contracts;

namespace ExplainService.Methods;

/// <summary>Says of any answer that scores parts of a text how far its scores can be trusted; one class of this assembly.</summary>
public interface IQualityCheck
{
    /// <summary>About how many rows it asks for.</summary>
    /// <param name="units">Units of the text.</param>
    long ExpectedRows(int units);

    /// <summary>{metric: {replacement: figures}}; null: the answer has no score for each part of the text.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="context">Its request.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, MetricAnswer>>?> MeasureAsync(
        Explanation answer,
        ExplanationContext context,
        CancellationToken cancellationToken
    );
}
