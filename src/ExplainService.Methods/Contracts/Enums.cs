namespace ExplainService.Methods.Contracts;

/// <summary>What a text that is longer than the model takes is to become.</summary>
public enum Overflow
{
    /// <summary>Refused, with the count and the options (default).</summary>
    Error,

    /// <summary>Cut at the end; the answer says what was not seen, and a unit that was cut ends where that begins.</summary>
    Truncate,

    /// <summary>
    /// Read in overlapping windows that are scored together (of <c>/attention</c> scores, not maps). Of two texts the windows slide over the longer one (for
    /// a question over its context), and each shows all of the other.
    /// </summary>
    Window,
}

/// <summary>How the scores of several windows become one.</summary>
public enum WindowReduction
{
    /// <summary>The mean of the target's score over the windows (default).</summary>
    Mean,

    /// <summary>The largest.</summary>
    Max,
}

/// <summary>What offsets count.</summary>
public enum OffsetUnit
{
    /// <summary>UTF-16 code units, as JavaScript and C# index strings (default).</summary>
    Utf16,

    /// <summary>Unicode code points, as Python does.</summary>
    Codepoint,
}

/// <summary>Whether an answer is to say how far its scores can be trusted.</summary>
public enum AnswerQuality
{
    /// <summary>No (default).</summary>
    None,

    /// <summary>The area between the curves of removing the least and the most relevant units first, beside that of random orders.</summary>
    Basic,
}
