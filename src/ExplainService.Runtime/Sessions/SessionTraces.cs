using System.Diagnostics;

namespace ExplainService.Runtime.Sessions;

/// <summary>What is traced of ONNX Runtime: its runs.</summary>
internal static class SessionTraces
{
    private static readonly ActivitySource Source = new("ExplainService.Sessions");

    /// <summary>A run of a form; null: nobody traces what it is a part of.</summary>
    public static Activity? Run(string form) =>
        Activity.Current is null ? null : Source.StartActivity("onnxruntime.run")?.SetTag("explain.form", form);
}
