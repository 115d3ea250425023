namespace ExplainService.Text;

/// <summary>The tokenizer uses a component that is not supported; the model is refused rather than mis-tokenized.</summary>
public sealed class TokenizerNotSupportedException : Exception
{
    /// <summary>Names the component and its value, such as <c>pre_tokenizer</c> and <c>UnicodeScripts</c>.</summary>
    public TokenizerNotSupportedException(string component, string value)
        : base($"The tokenizer's {component} '{Excerpt.Of(value)}' is not supported.")
    {
        Component = component;
        Value = value;
    }

    /// <summary>Names the component and its value, and the part of the value that is at fault.</summary>
    public TokenizerNotSupportedException(string component, string value, string fault)
        : base($"The tokenizer's {component} '{Excerpt.Of(value)}' is not supported. {fault}")
    {
        Component = component;
        Value = value;
    }

    /// <summary>The component, such as <c>normalizer</c>.</summary>
    public string Component { get; }

    /// <summary>Its value, such as a type's name.</summary>
    public string Value { get; }
}

/// <summary>A tokenizer's file is missing, truncated, or contradicts itself or another file.</summary>
public sealed class TokenizerFormatException : Exception
{
    /// <summary>Says which file and what is wrong with it.</summary>
    public TokenizerFormatException(string message)
        : base(message) { }

    /// <summary>Says which file and what is wrong with it, and why that was found.</summary>
    public TokenizerFormatException(string message, Exception inner)
        : base(message, inner) { }
}

/// <summary>A pattern of the tokenizer takes too long on a text: it has too many ways to match.</summary>
public sealed class TokenizerPatternException : Exception
{
    /// <summary>Names the pattern, never the text.</summary>
    public TokenizerPatternException(string pattern)
        : base($"The tokenizer's pattern '{Excerpt.Of(pattern)}' takes too long on this text: it has too many ways to match.") =>
        Pattern = pattern;

    /// <summary>The pattern.</summary>
    public string Pattern { get; }
}

/// <summary>A text has a part that is no token, and the tokenizer's vocabulary has no token for what is unknown.</summary>
public sealed class TokenizerUnknownException : Exception
{
    /// <summary>Names the unknown token, never the text.</summary>
    public TokenizerUnknownException(string? unknownToken)
        : base(
            "The text has a part for which the tokenizer has no token"
                + (
                    unknownToken is null
                        ? ", and no unknown token either."
                        : $", and its unknown token '{unknownToken}' is not in its vocabulary."
                )
        ) { }
}

/// <summary>As much of a value from a file as a message has room for.</summary>
internal static class Excerpt
{
    private const int MaxLength = 200;

    public static string Of(string value) =>
        value.Length <= MaxLength ? value : value[..(char.IsHighSurrogate(value[MaxLength - 1]) ? MaxLength - 1 : MaxLength)] + "…";
}
