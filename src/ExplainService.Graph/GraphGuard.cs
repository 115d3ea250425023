namespace ExplainService.Graph;

/// <summary>
/// Tells faults of this compiler from faults of the model. A model file is untrusted input and is checked as such: what the checks find is
/// a <see cref="GraphFormatException"/>. Whatever else breaks down is the compiler's own fault and is told as one.
/// </summary>
internal static class GraphGuard
{
    private const string NodeKey = "ExplainService.Graph.Node";

    /// <summary>Runs a step that reads or compiles a model's graph.</summary>
    /// <param name="step">What is done, as it follows "while": <c>finding attention patterns</c>.</param>
    /// <param name="work">The step.</param>
    /// <exception cref="GraphFormatException">The graph contradicts itself.</exception>
    /// <exception cref="GraphCompilerException">The step broke down.</exception>
    public static T Run<T>(string step, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (IsFault(error))
        {
            throw new GraphCompilerException(step, error.Data[NodeKey] as string, error);
        }
    }

    /// <summary>
    /// An exception filter that notes on an exception the innermost node that was worked on, and catches nothing:
    /// <c>catch (Exception error) when (GraphGuard.Note(error, node))</c>.
    /// </summary>
    /// <returns>Always false.</returns>
    public static bool Note(Exception error, Node node)
    {
        if (IsFault(error) && !error.Data.Contains(NodeKey))
        {
            error.Data[NodeKey] = node.Place;
        }

        return false;
    }

    /// <summary>Whether an exception says neither what is wrong with the model or its files nor what the service does not support.</summary>
    private static bool IsFault(Exception error) =>
        error
            is not (
                GraphFormatException
                or GraphCompilerException
                or NotSupportedException
                or IOException
                or UnauthorizedAccessException
                or OutOfMemoryException
                or OperationCanceledException
            );
}
