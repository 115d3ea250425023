using System.Runtime.CompilerServices;
using ExplainService.Runtime.Sessions;

namespace ExplainService.Tests.Runtime;

/// <summary>
/// ONNX Runtime has one environment a process, with the thread pool that the service wants only if the service makes it. Tests that run
/// graphs themselves would make another at the same moment; so it is made before any of them.
/// </summary>
internal static class OneEnvironment
{
    [ModuleInitializer]
    public static void Make() => OrtEnvironment.Ensure(new RuntimeOptions());
}
