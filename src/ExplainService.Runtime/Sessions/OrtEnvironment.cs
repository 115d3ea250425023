using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime.Sessions;

/// <summary>
/// The process's one ONNX Runtime environment: one thread pool and one arena for all sessions. Both must be there before the first
/// session options are made.
/// </summary>
/// <remarks>
/// Measured (1.31.1, MiniLM, 2 cores): with an arena for each session every form keeps its own peak, +90 MB a form after a batch of 2048
/// tokens; with the environment's arena the second and third form add 6 MB each, at the same speed. No arena at all is as small but 5 to
/// 10 % slower. <c>memory.enable_memory_arena_shrinkage</c> frees 50 MB and costs 6 %, so it stays off: batches are bounded by the token
/// budget, and with them the arena.
/// </remarks>
internal static class OrtEnvironment
{
    private static readonly Lock Gate = new();
    private static OrtEnv? environment;

    /// <summary>Whether sessions may use the environment's pool: not if something else made the environment first.</summary>
    public static bool HasSharedPool { get; private set; }

    /// <summary>Creates it, the first time, with these options.</summary>
    public static OrtEnv Ensure(RuntimeOptions options)
    {
        lock (Gate)
        {
            return environment ??= Create(options);
        }
    }

    private static OrtEnv Create(RuntimeOptions options)
    {
        HasSharedPool = !OrtEnv.IsCreated;
        using var threads = new OrtThreadingOptions
        {
            GlobalIntraOpNumThreads = options.EffectiveThreads,
            GlobalInterOpNumThreads = 1,
            GlobalSpinControl = true,
        };
        var creation = new EnvironmentCreationOptions
        {
            logId = "models",
            logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            threadOptions = threads,
        };
        var created = HasSharedPool ? OrtEnv.CreateInstanceWithOptions(ref creation) : OrtEnv.Instance();
        using var memory = new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.ArenaAllocator, 0, OrtMemType.Default);

        // 0, -1: ONNX Runtime's own defaults. Growing by the next power of two reuses blocks between batches of different shapes;
        // growing by exactly what is asked for ended 30 MB larger.
        using var arena = new OrtArenaCfg(0, -1, -1, -1);
        created.CreateAndRegisterAllocator(memory, arena);
        return created;
    }
}
