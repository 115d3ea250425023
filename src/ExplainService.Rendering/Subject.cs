using ExplainService.Images.Units;
using ExplainService.Methods.Contracts;
using ExplainService.Text.Units;

namespace ExplainService.Rendering;

/// <summary>What a picture shows: an answer, and the texts that it is about, which answers do not repeat.</summary>
/// <param name="Explanation">The answer.</param>
/// <param name="Text">The text as sent; empty where the answer is of several.</param>
/// <param name="Pair">The second text.</param>
/// <param name="OffsetUnit">What the answer's offsets count.</param>
public sealed record Subject(Explanation Explanation, string Text, string? Pair = null, OffsetUnit OffsetUnit = OffsetUnit.Utf16)
{
    /// <summary>Sizes of the units, from coarse to fine, where they make a hierarchy.</summary>
    public IReadOnlyList<Granularity> Levels { get; init; } = [];

    /// <summary>The picture that was explained, where it was no text.</summary>
    public ExplainedPicture? Picture { get; init; }

    /// <summary>The scored units; none where the answer scores none.</summary>
    public IReadOnlyList<UnitAnswer> Units => (Explanation as UnitExplanation)?.Units ?? [];

    /// <summary>The subject of a request and its answer.</summary>
    public static Subject Of(TextRequest request, Explanation explanation)
    {
        var unit = request.OffsetUnit ?? OffsetUnit.Utf16;
        return (
            request.Messages is { } messages
                ? ConversationText.Of(messages, explanation, unit)
                : new Subject(explanation, request.Text ?? "", request.Pair, unit)
        ) with
        {
            Levels = explanation.Image is null ? request.Granularity?.Levels ?? [] : [],
            Picture = explanation.Drawn?.Value,
        };
    }
}
