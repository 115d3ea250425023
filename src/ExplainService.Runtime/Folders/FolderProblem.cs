using System.Text.RegularExpressions;
using ExplainService.Graph;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime.Folders;

/// <summary>What is wrong with a folder, in words that clients may read: they name its files, not where the server keeps them.</summary>
internal static partial class FolderProblem
{
    /// <summary>Characters of ONNX Runtime's message that are handed on.</summary>
    private const int MaxLength = 400;

    /// <summary>The problem as that of a model.</summary>
    /// <param name="problem">What was thrown while its files were read.</param>
    /// <param name="folder">The model's folder.</param>
    public static ModelNotUsableException Of(Exception problem, string folder)
    {
        if (ModelFaults.IsFault(problem))
        {
            return new ModelNotUsableException(
                problem is GraphCompilerException ? problem.Message : "This service could not read the model.",
                problem
            )
            {
                Fault = problem,
            };
        }

        var words = Local(problem, folder);
        var known = problem as ModelNotUsableException;
        return known is not null && words == known.Message ? known : new ModelNotUsableException(words, problem) { Fault = known?.Fault };
    }

    /// <summary>
    /// Whether it may pass although no file changes: a disk that fails, or permissions, which are no part of a file's time.
    /// </summary>
    public static bool MayPass(Exception? problem) =>
        problem is UnauthorizedAccessException or (IOException and not (InvalidProtocolBufferException or EndOfStreamException))
        || (problem is not null && MayPass(problem.InnerException));

    private static string Local(Exception problem, string folder)
    {
        var said = problem is OnnxRuntimeException error
            ? $"ONNX Runtime cannot compute the model's graph: {error.Beginning(MaxLength)}"
            : problem.Message;
        var words = said.Replace(Path.GetDirectoryName(folder) + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
        return MayPass(problem) ? QuotedPath().Replace(words, "'$1'") : words;
    }

    /// <summary>A path elsewhere, such as that of a link's target.</summary>
    [GeneratedRegex(@"'(?:[A-Za-z]:)?[/\\][^']*?([^'/\\]*)'")]
    private static partial Regex QuotedPath();
}
