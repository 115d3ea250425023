using ExplainService.Text.Unicode;

namespace ExplainService.Text.Patterns.Syntax;

/// <summary>A part of a pattern.</summary>
internal abstract record PatternNode
{
    /// <summary>One character of a set.</summary>
    public sealed record Set(CodePointSet Characters) : PatternNode;

    /// <summary>Parts one after another; none of them is the empty text.</summary>
    public sealed record Sequence(IReadOnlyList<PatternNode> Parts) : PatternNode;

    /// <summary>The first of these that leads to a match.</summary>
    public sealed record Choice(IReadOnlyList<PatternNode> Options) : PatternNode;

    /// <summary>A part again and again; without an upper end where <paramref name="Most"/> is null.</summary>
    public sealed record Repeat(PatternNode Part, int Least, int? Most, bool Lazy) : PatternNode;

    /// <summary>A part that gives nothing back.</summary>
    public sealed record Atomic(PatternNode Part) : PatternNode;

    /// <summary>What must, or must not, come next or have come before.</summary>
    public sealed record Look(PatternNode Part, bool Behind, bool Negative) : PatternNode;

    /// <summary>A place in the text.</summary>
    public sealed record Anchor(AnchorKind Kind) : PatternNode;
}

/// <summary>Places in a text.</summary>
internal enum AnchorKind
{
    LineStart,
    LineEnd,
    TextStart,
    TextEnd,
    LastLineEnd,
    WordBoundary,
    NoWordBoundary,
}
