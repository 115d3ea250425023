using ExplainService.Methods.Contracts;

namespace ExplainService.Protocol.Problems;

/// <summary>What went wrong, by RFC 9457.</summary>
public sealed record Problem
{
    /// <summary>The media type of a problem.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>Of a line of NDJSON: the caller's own name of the request, as it was sent.</summary>
    public RequestId? Id { get; init; }

    /// <summary>Names the kind of problem; stays the same from one occurrence to the next.</summary>
    public required string Type { get; init; }

    /// <summary>The kind of problem in words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What is wrong with this request.</summary>
    public required string Detail { get; init; }

    /// <summary>Finds this request in the server's log.</summary>
    public string? TraceId { get; init; }

    /// <summary>What is wrong by snake_case field (<c>target.label</c>, <c>spans[0]</c>), where fields are at fault.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Seconds after which to try again, as the header <c>Retry-After</c> says.</summary>
    public int? RetryAfter { get; init; }
}
