using ExplainService.Graph;
using ExplainService.Runtime.Folders;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace ExplainService.Tests.Runtime.Folders;

/// <summary>What clients read of a folder's problem names its files, not where the server keeps them.</summary>
public sealed class FolderProblemTests
{
    [Theory]
    [InlineData("Could not find file '/srv/blobs/ab12'.", "Could not find file 'ab12'.")]
    [InlineData(@"Could not find file 'C:\blobs\ab12'.", "Could not find file 'ab12'.")]
    [InlineData(@"Could not find file '\\host\share\ab12'.", "Could not find file 'ab12'.")]
    [InlineData("Can't read it.", "Can't read it.")]
    public void A_path_elsewhere_is_cut_to_the_file(string problem, string words) =>
        Assert.Equal(words, FolderProblem.Of(new IOException(problem), Path.GetFullPath("bert")).Message);

    [Fact]
    public void A_file_of_the_folder_is_named_from_the_models_directory_on()
    {
        var folder = Path.GetFullPath("bert");
        var problem = new IOException($"Access to the path '{Path.Combine(folder, "config.json")}' is denied.");
        Assert.Equal($"Access to the path '{Path.Combine("bert", "config.json")}' is denied.", FolderProblem.Of(problem, folder).Message);
    }

    [Fact]
    public void A_fault_of_this_service_is_told_as_one_and_kept_for_its_maintainer()
    {
        var fault = new InvalidOperationException("Sequence contains no elements.");

        var problem = FolderProblem.Of(fault, "bert");

        Assert.Equal("This service could not read the model.", problem.Message);
        Assert.Same(fault, problem.Fault);
    }

    [Fact]
    public void A_fault_of_the_compiler_names_the_step_and_the_node()
    {
        var fault = new GraphCompilerException("finding its patterns", "Gelu 'g'", new KeyNotFoundException());

        var problem = FolderProblem.Of(fault, "bert");

        Assert.Equal("This service could not read this graph while finding its patterns (Gelu 'g').", problem.Message);
        Assert.Same(fault, problem.Fault);
    }

    [Fact]
    public void Words_of_ONNX_Runtime_are_not_the_whole_message()
    {
        var problem = Assert.Throws<OnnxRuntimeException>(() => new InferenceSession([1, 2, 3]));

        var words = FolderProblem.Of(problem, "bert").Message;

        Assert.StartsWith("ONNX Runtime cannot compute the model's graph: ", words, StringComparison.Ordinal);
        Assert.Contains(problem.Message, words, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_with_a_file_is_no_fault_of_this_service() =>
        Assert.Null(FolderProblem.Of(new GraphFormatException("The graph has a cycle."), "bert").Fault);
}
