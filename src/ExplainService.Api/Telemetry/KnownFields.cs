using System.Collections.Frozen;
using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Methods;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Inside;
using ExplainService.Protocol.Problems;
using ExplainService.Rendering;

namespace ExplainService.Api.Telemetry;

/// <summary>Problems as the log may tell them: of fields only names that the service has, never one that a client made up.</summary>
internal static class KnownFields
{
    private const string Unknown = "(unknown)";

    /// <summary>Records that stand inside requests.</summary>
    public static IReadOnlyList<Type> RequestParts { get; } =
    [
        typeof(TargetRequest),
        typeof(SpanRequest),
        typeof(MessageRequest),
        typeof(NeuronRequest),
        typeof(JobRequest),
        typeof(JobInput),
        typeof(JobColumns),
        typeof(RowFilter),
        typeof(JobOutput),
        typeof(SurrogateRequest),
        typeof(ExplanationSource),
        typeof(ScoreRequest),
    ];

    private static readonly FrozenSet<string> Names = MethodCatalog
        .Default.Methods.Select(method => method.RequestType)
        .Concat(RequestParts)
        .SelectMany(type => type.GetProperties())
        .Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name))
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The last part of the problem's type.</summary>
    public static string KindOf(Problem problem) => problem.Type[(problem.Type.LastIndexOf(':') + 1)..];

    /// <summary>What became of a request that failed: the kind of its problem, unless nobody is there any more to be told.</summary>
    public static string OutcomeOf(Exception failure, CancellationToken clientLeft) =>
        clientLeft.IsCancellationRequested ? "client-closed" : KindOf(ProblemMapper.From(failure));

    /// <summary>The fields at fault, without indices; null where none is.</summary>
    public static string? Of(Problem problem) =>
        problem.Errors is { Count: > 0 } errors
            ? string.Join(',', errors.Keys.Select(Known).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            : null;

    private static string Known(string path) =>
        string.Join('.', path.Split('.').Select(part => part.Split('[')[0]).Select(name => IsKnown(name) ? name : Unknown));

    private static bool IsKnown(string name) => Names.Contains(name) || name == "format" || PictureQuery.IsOption(name);
}
