namespace ExplainService.Graph;

/// <summary>
/// A fault of this service, not of the model: reading or compiling a graph broke down where no check had found the graph at fault. The
/// model is refused; <see cref="Exception.InnerException"/> is what a maintainer needs to see.
/// </summary>
public sealed class GraphCompilerException : Exception
{
    /// <summary>Makes the exception around what broke down.</summary>
    /// <param name="step">What the compiler was doing, such as <c>finding attention patterns</c>.</param>
    /// <param name="node">The operator and node that it was at, where that is known.</param>
    /// <param name="inner">What broke down.</param>
    public GraphCompilerException(string step, string? node, Exception inner)
        : base($"This service could not read this graph while {step}{(node is null ? "" : $" ({node})")}.", inner)
    {
        Step = step;
        Node = node;
    }

    /// <summary>Makes the exception with a text.</summary>
    public GraphCompilerException(string message)
        : base(message) { }

    /// <summary>Makes the exception with a text around what broke down.</summary>
    public GraphCompilerException(string message, Exception inner)
        : base(message, inner) { }

    /// <summary>Makes an exception without details.</summary>
    public GraphCompilerException()
        : base("This service could not read this graph.") { }

    /// <summary>What the compiler was doing.</summary>
    public string Step { get; } = "";

    /// <summary>The operator and node that it was at, where that is known.</summary>
    public string? Node { get; }
}
