using ExplainService.Graph;
using Xunit;

namespace ExplainService.Tests.Graph;

/// <summary>A fault of the compiler is not told as a fault of the model.</summary>
public class GraphGuardTests
{
    [Fact]
    public void A_fault_of_a_step_names_the_step_and_the_node_and_keeps_the_cause()
    {
        var cause = new InvalidOperationException("Sequence contains no elements");
        var node = new Node("Gelu", ["x"], ["y"], "com.microsoft", "/layer/0/gelu");

        var fault = Assert.Throws<GraphCompilerException>(() => GraphGuard.Run("finding attention patterns", () => At(node, cause)));

        Assert.Equal(
            "This service could not read this graph while finding attention patterns (com.microsoft.Gelu at node '/layer/0/gelu').",
            fault.Message
        );
        Assert.Equal("finding attention patterns", fault.Step);
        Assert.Same(cause, fault.InnerException);
    }

    [Fact]
    public void A_fault_inside_a_step_inside_a_step_is_told_once()
    {
        var inner = new GraphCompilerException("folding its constants", null, new KeyNotFoundException());

        Assert.Same(inner, Assert.Throws<GraphCompilerException>(() => GraphGuard.Run<int>("reading a file", () => throw inner)));
    }

    [Fact]
    public void What_a_check_found_wrong_with_the_model_passes()
    {
        Exception[] refusals =
        [
            new GraphFormatException("Input 'x' is declared twice."),
            new NotSupportedException("A branch on the tokens' path is not supported."),
            new FileNotFoundException("model.onnx_data"),
            new InsufficientMemoryException(),
        ];

        Assert.All(
            refusals,
            refusal => Assert.Same(refusal, Record.Exception(() => GraphGuard.Run<int>("reading a file", () => throw refusal)))
        );
    }

    private static int At(Node node, Exception cause)
    {
        try
        {
            throw cause;
        }
        catch (Exception error) when (GraphGuard.Note(error, node))
        {
            return 0;
        }
    }
}
