namespace ExplainService.Jobs.Contracts;

/// <summary>Of kind <c>drift</c>: how the answers differ from those that they are compared with.</summary>
public sealed record DriftSummary
{
    /// <summary>The model that gave those; several where its name changed.</summary>
    public required IReadOnlyList<string> Before { get; init; }

    /// <summary>SHA-256 of its graph, lower-case hex; several where its files changed.</summary>
    public required IReadOnlyList<string> BeforeSha256 { get; init; }

    /// <summary>Rows that both predict a label of, with the same text.</summary>
    public required long Rows { get; init; }

    /// <summary>Share of them whose predicted label is another now; none where there are none.</summary>
    public double? Flipped { get; init; }

    /// <summary>From which label to which, the most frequent first.</summary>
    public required IReadOnlyList<LabelFlip> Flips { get; init; }

    /// <summary>Shares of predicted labels, over all rows of each.</summary>
    public required IReadOnlyList<LabelShift> Labels { get; init; }

    /// <summary>Total variation distance of those shares: half the sum of their differences, from 0 to 1.</summary>
    public required double LabelShift { get; init; }

    /// <summary>The least NDCG of the labels; none without explanations.</summary>
    public double? Ndcg { get; init; }

    /// <summary>Of each label that both explained: how far its words have kept their rank.</summary>
    public required IReadOnlyList<WordDrift> Words { get; init; }

    /// <summary>Labels without a word that both have, whose NDCG is 0.</summary>
    public required IReadOnlyList<string> Lost { get; init; }
}

/// <summary>Rows whose label changed.</summary>
public sealed record LabelFlip(string From, string To, long Rows);

/// <summary>A label's share of the predictions.</summary>
public sealed record LabelShift(string Label, double Before, double Now);

/// <summary>The words of a label, then and now.</summary>
public sealed record WordDrift
{
    /// <summary>The label.</summary>
    public required string Label { get; init; }

    /// <summary>Words that both have, which are compared.</summary>
    public required int Shared { get; init; }

    /// <summary>Words that only those before have.</summary>
    public required int OnlyBefore { get; init; }

    /// <summary>Words that only those now have.</summary>
    public required int OnlyNow { get; init; }

    /// <summary>
    /// NDCG of the shared words in the order of their mean absolute scores now, gains being those before: 1 where the order is the same. Under
    /// 0.90 a warning says so.
    /// </summary>
    public required double Ndcg { get; init; }

    /// <summary>How many of the strongest shared words <see cref="TopOverlap"/> is about.</summary>
    public required int Top { get; init; }

    /// <summary>Share of the strongest words before that are among the strongest now.</summary>
    public required double TopOverlap { get; init; }

    /// <summary>How many shared words have a mean now outside of the 95 % interval before.</summary>
    public required int Moved { get; init; }

    /// <summary>Those that moved furthest.</summary>
    public required IReadOnlyList<MovedWord> Strongest { get; init; }
}

/// <summary>A word whose mean score moved beyond its interval.</summary>
/// <param name="Word">In lower case.</param>
/// <param name="Before">Its mean before.</param>
/// <param name="Low">Lower end of that mean's 95 % interval.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Now">Its mean now.</param>
public sealed record MovedWord(string Word, double Before, double Low, double High, double Now);
