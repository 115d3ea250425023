namespace ExplainService.Graph;

/// <summary>A model file that cannot be read: truncated, inconsistent, or reaching outside its own folder.</summary>
public sealed class GraphFormatException : Exception
{
    /// <summary>Makes the exception with a text that names the file, tensor or node at fault.</summary>
    public GraphFormatException(string message)
        : base(message) { }

    /// <summary>Makes the exception around the reader's own.</summary>
    public GraphFormatException(string message, Exception inner)
        : base(message, inner) { }

    /// <summary>Makes an exception without text.</summary>
    public GraphFormatException()
        : base("The model file cannot be read.") { }
}
