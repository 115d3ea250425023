using ExplainService.Graph.Onnx;

namespace ExplainService.Runtime.Folders;

/// <summary>
/// Refuses, by their names and unopened, files that are none (a pipe would be waited for, a device never ends) and files that are longer
/// than anything of their kind.
/// </summary>
internal static class PlainFiles
{
    /// <summary>What settings may take: a hundred times what large ones do, and nothing that memory would be short of.</summary>
    public const long MaxSettingsBytes = 16 << 20;

    /// <summary>The same of a tokenizer: the largest vocabularies come to some tens of megabytes.</summary>
    public const long MaxTokenizerBytes = 256 << 20;

    /// <summary>Refuses a file that must not be read.</summary>
    /// <param name="path">The file; one that is missing passes.</param>
    /// <param name="most">The most bytes that it may have.</param>
    /// <exception cref="ModelNotUsableException">It is no plain file, or too long.</exception>
    public static void Require(string path, long most = long.MaxValue)
    {
        if (PlainFile.Problem(path, most) is { } problem)
        {
            throw new ModelNotUsableException($"{Path.GetFileName(path)} {problem}.");
        }
    }
}
