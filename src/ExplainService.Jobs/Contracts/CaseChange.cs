namespace ExplainService.Jobs.Contracts;

/// <summary>The smallest removal that changes what the model says of a case of a report; kept with the job.</summary>
internal sealed record CaseChange
{
    /// <summary>The row.</summary>
    public required long Row { get; init; }

    /// <summary>What goes, in the order of the text; empty: nothing was found.</summary>
    public required IReadOnlyList<RemovedSpan> Removed { get; init; }

    /// <summary>What the model says then.</summary>
    public string? Label { get; init; }

    /// <summary>How sure it is of it.</summary>
    public double? Probability { get; init; }
}

/// <summary>A part of a text.</summary>
/// <param name="Start">Where it begins, UTF-16.</param>
/// <param name="End">Where it ends.</param>
internal sealed record RemovedSpan(int Start, int End);
