using ExplainService.Methods.Contracts;
using ExplainService.Runtime;
using ExplainService.Text.Units;

namespace ExplainService.Rendering;

/// <summary>What a picture shows: an answer, and the texts that it is about, which answers do not repeat.</summary>
/// <param name="Explanation">The answer.</param>
/// <param name="Text">The text as sent.</param>
/// <param name="Pair">The second text.</param>
/// <param name="OffsetUnit">What the answer's offsets count.</param>
public sealed record Subject(Explanation Explanation, string Text, string? Pair = null, OffsetUnit OffsetUnit = OffsetUnit.Utf16)
{
    /// <summary>How attention maps were combined, which answers do not repeat either.</summary>
    public AttentionAggregate? Aggregate { get; init; }

    /// <summary>Whose attention it is.</summary>
    public AttentionKind Kind { get; init; }

    /// <summary>Sizes of the units, from coarse to fine, where they make a hierarchy.</summary>
    public IReadOnlyList<Granularity> Levels { get; init; } = [];

    /// <summary>The subject of a request and its answer.</summary>
    public static Subject Of(ExplainRequest request, Explanation explanation) =>
        new(explanation, request.Text, request.Pair, request.OffsetUnit ?? OffsetUnit.Utf16)
        {
            Aggregate = (request as AttentionRequest)?.Aggregate,
            Kind = (request as AttentionRequest)?.Kind ?? AttentionKind.Self,
            Levels = request.Granularity?.Levels ?? [],
        };
}
