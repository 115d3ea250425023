using System.Diagnostics;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;
using ExplainService.Text;

namespace ExplainService.Protocol.Problems;

/// <summary>Every exception that can end a request, as the problem that its client sees.</summary>
public static class ProblemMapper
{
    private const string TypePrefix = "urn:explain-service:problem:";

    private static readonly TimeSpan AfterShortage = TimeSpan.FromSeconds(5);

    /// <summary>Kinds of problems by status: the last part of <c>type</c>, and <c>title</c>.</summary>
    private static readonly Dictionary<int, (string Kind, string Title)> Kinds = new()
    {
        [400] = ("malformed-request", "The request is malformed"),
        [403] = ("cross-site", "Other sites may not call this service"),
        [404] = ("not-found", "There is nothing here"),
        [405] = ("method-not-allowed", "The method is not allowed here"),
        [406] = ("not-acceptable", "The answer cannot take the wanted form"),
        [408] = ("request-timeout", "The request came too slowly"),
        [409] = ("conflict", "The state does not allow it"),
        [413] = ("body-too-large", "The body is too large"),
        [414] = ("uri-too-long", "The URL is too long"),
        [415] = ("unsupported-media-type", "The body's media type is not supported"),
        [422] = ("impossible-request", "The request is well-formed but impossible"),
        [429] = ("too-many-requests", "The queue is full"),
        [431] = ("headers-too-large", "The headers are too large"),
        [499] = ("client-closed", "The client left"),
        [500] = ("internal-error", "The service failed"),
        [503] = ("unavailable", "The service is not available"),
        [504] = ("deadline-exceeded", "The deadline passed"),
    };

    /// <summary>A problem of a status.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="detail">What is wrong, as a sentence.</param>
    /// <param name="errors">What is wrong by field.</param>
    /// <param name="retryAfter">After which time to try again.</param>
    public static Problem Create(
        int status,
        string detail,
        IReadOnlyDictionary<string, string[]>? errors = null,
        TimeSpan? retryAfter = null
    )
    {
        var (kind, title) = Kinds.GetValueOrDefault(status, ("http-" + status, "The request failed"));
        return new Problem
        {
            Type = TypePrefix + kind,
            Title = title,
            Status = status,
            Detail = detail,
            TraceId = Activity.Current?.TraceId.ToString(),
            Errors = errors is { Count: > 0 } ? errors : null,
            RetryAfter = retryAfter is { } wait ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : null,
        };
    }

    /// <summary>The problem of an exception. What is not expected answers 500 and says nothing of what it was.</summary>
    /// <param name="exception">The exception.</param>
    public static Problem From(Exception exception) =>
        exception switch
        {
            InvalidRequestException invalid => Create(
                invalid.IsTooLarge ? 413
                    : invalid.Impossible ? 422
                    : 400,
                invalid.Message,
                invalid.Errors
            ),
            RefusedRequestException refused => Create(refused.Status, refused.Message),
            CallerRefusedException caller => Create(
                caller.Status,
                caller.Message,
                caller.Field is { } field ? Field(field, caller.Message) : null,
                caller.RetryAfter
            ) with
            {
                Type = TypePrefix + caller.Kind,
                Title = caller.Title,
            },
            ModelNotFoundException missing => Create(404, missing.Message, Field("model", missing.Message)),
            ModelNotUsableException broken => Create(422, broken.Message, Field("model", broken.Message)),
            NotFiniteException nowhere => Create(422, nowhere.Message),
            NotSupportedByModelException unsupported => Create(422, unsupported.Message),
            TokenizerPatternException endless => Create(422, endless.Message, Field("model", endless.Message)),
            TokenizerUnknownException nameless => Create(422, nameless.Message, Field("text", nameless.Message)),
            ServiceBusyException busy => Create(busy.Unavailable ? 503 : 429, busy.Message, retryAfter: busy.RetryAfter),
            DeadlineExceededException late => Create(504, late.Message, Field("deadline_ms", late.Message)),
            _ when IsShortageOfMemory(exception) => Create(
                503,
                "There is not enough memory for this request now.",
                retryAfter: AfterShortage
            ),
            _ => Create(500, "The service failed; its log has the reason under this trace_id."),
        };

    /// <summary>Whether the exception is one that requests are expected to end with, rather than a fault of the service.</summary>
    /// <param name="exception">The exception.</param>
    public static bool IsExpected(Exception exception) => From(exception).Status != 500;

    /// <summary>Running out of memory passes with the requests that took it.</summary>
    private static bool IsShortageOfMemory(Exception exception) =>
        exception is OutOfMemoryException || (exception.InnerException is { } inner && IsShortageOfMemory(inner));

    private static Dictionary<string, string[]> Field(string name, string problem) => new() { [name] = [problem] };
}
