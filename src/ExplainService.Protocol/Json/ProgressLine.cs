namespace ExplainService.Protocol.Json;

/// <summary>A line of a stream that tells how far a request of many parts is: <c>{"progress": {"done": 3, "of": 48}}</c>.</summary>
/// <param name="Progress">How far.</param>
public sealed record ProgressLine(ProgressLine.Count Progress)
{
    /// <summary>How many parts are done.</summary>
    /// <param name="Done">So many.</param>
    /// <param name="Of">Of so many.</param>
    public sealed record Count(int Done, int Of);
}
