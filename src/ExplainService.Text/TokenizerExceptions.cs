namespace ExplainService.Text;

/// <summary>The tokenizer uses a component that is not supported; the model is refused rather than mis-tokenized.</summary>
public sealed class TokenizerNotSupportedException : Exception
{
    /// <summary>Names the component and its value, such as <c>pre_tokenizer</c> and <c>UnicodeScripts</c>.</summary>
    public TokenizerNotSupportedException(string component, string value)
        : base($"The tokenizer's {component} '{value}' is not supported.")
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
