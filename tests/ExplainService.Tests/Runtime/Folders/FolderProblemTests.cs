using ExplainService.Runtime.Folders;
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
}
