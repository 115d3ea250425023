using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime;

/// <summary>ONNX Runtime's own words, which never are the whole of a message and may be pages of shapes.</summary>
internal static class OrtMessage
{
    /// <summary>The beginning of them.</summary>
    /// <param name="error">What ONNX Runtime says.</param>
    /// <param name="maxLength">The most characters.</param>
    public static string Beginning(this OnnxRuntimeException error, int maxLength) =>
        error.Message.Length > maxLength ? error.Message[..maxLength] + "…" : error.Message;
}
