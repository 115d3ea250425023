namespace ExplainService.Protocol.Problems;

/// <summary>The request is refused for who asks.</summary>
public sealed class CallerRefusedException : Exception
{
    private CallerRefusedException(int status, string kind, string title, string detail)
        : base(detail) => (Status, Kind, Title) = (status, kind, title);

    /// <summary>The HTTP status: 401, 403, 429.</summary>
    public int Status { get; }

    /// <summary>The last part of the problem's type.</summary>
    public string Kind { get; }

    /// <summary>The kind of problem in words.</summary>
    public string Title { get; }

    /// <summary>The field of the request that the caller may not have so; null: none is at fault.</summary>
    public string? Field { get; private init; }

    /// <summary>After which time to try again.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>401: nobody known asks.</summary>
    public static CallerRefusedException Unknown(string detail) => new(401, "not-authenticated", "A key is needed", detail);

    /// <summary>403: who asks may not.</summary>
    public static CallerRefusedException NotAllowed(string detail, string? field = null) =>
        new(403, "not-allowed", "The key does not allow it", detail) { Field = field };

    /// <summary>429: who asks has asked too much.</summary>
    public static CallerRefusedException TooMuch(string detail, TimeSpan retryAfter) =>
        new(429, "over-rate", "The key is over its rate", detail) { RetryAfter = retryAfter };
}
