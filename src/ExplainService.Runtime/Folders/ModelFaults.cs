using System.Text.Json;
using ExplainService.Graph;
using ExplainService.Text;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime.Folders;

/// <summary>Tells what is wrong with a model and its files from what is wrong with this service.</summary>
internal static class ModelFaults
{
    /// <summary>
    /// Whether nothing that reads models throws this on purpose: what is wrong with files, graphs and tokenizers has exceptions of its own.
    /// </summary>
    public static bool IsFault(Exception exception) =>
        exception
            is not (
                ModelNotUsableException
                or NotSupportedByModelException
                or ServiceBusyException
                or GraphFormatException
                or TokenizerFormatException
                or TokenizerNotSupportedException
                or TokenizerPatternException
                or TokenizerUnknownException
                or OnnxRuntimeException
                or JsonException
                or NotSupportedException
                or IOException
                or UnauthorizedAccessException
                or OperationCanceledException
            );
}
