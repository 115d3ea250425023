using System.ComponentModel.DataAnnotations;
using ExplainService.Runtime.Scheduling;

namespace ExplainService.Runtime.Sessions;

/// <summary>How models are run: configuration section <c>Runtime</c>.</summary>
public sealed record RuntimeOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Runtime";

    /// <summary>Threads that compute one batch; 0: as many as the process may use (its cgroup's share of the processors).</summary>
    [Range(0, 1024)]
    public int Threads { get; init; }

    /// <summary>
    /// What runs the models: <c>cpu</c>; <c>cuda</c> (a build with Microsoft.ML.OnnxRuntime.Gpu); or the path of a plug-in execution
    /// provider library.
    /// </summary>
    [ProviderName]
    public string Provider { get; init; } = ProviderNameAttribute.Cpu;

    /// <summary>Which device of that provider.</summary>
    [Range(0, 1024)]
    public int Device { get; init; }

    /// <summary>Leave out what no output reads; the numbers are the same either way, so off only for comparison.</summary>
    public bool ComputeOnlyWhatIsRead { get; init; } = true;

    /// <summary>Make and measure the int8 form in the background after loading a model; otherwise when it is first asked for.</summary>
    public bool MeasureFast { get; init; } = true;

    /// <summary>Batches that run at once; one for each device.</summary>
    [Range(1, 64)]
    public int Workers { get; init; } = 1;

    /// <summary>Padded tokens of a full batch; 0: measured when a form is first used.</summary>
    [Range(0, 1 << 24)]
    public int TokenBudget { get; init; }

    /// <inheritdoc cref="SchedulerOptions.MaxQueueSeconds"/>
    [Range(0.1, 86_400)]
    public double MaxQueueSeconds { get; init; } = new SchedulerOptions().MaxQueueSeconds;

    /// <inheritdoc cref="SchedulerOptions.AgeingSeconds"/>
    [Range(0.0, 3600)]
    public double AgeingSeconds { get; init; } = new SchedulerOptions().AgeingSeconds;

    /// <inheritdoc cref="SchedulerOptions.Niceness"/>
    [Range(0, 19)]
    public int Niceness { get; init; } = 10;

    /// <summary>Megabytes of recent predictions that each model remembers.</summary>
    [Range(0, 1 << 20)]
    public int CacheMegabytes { get; init; } = 16;

    /// <summary>
    /// Rows of a causal model that begin alike have their common beginning computed once (perturbations of one text, mostly). Off: every
    /// row is computed whole, for comparison.
    /// </summary>
    public bool PrefixSharing { get; init; } = true;

    /// <summary>The threads that <see cref="Threads"/> comes to.</summary>
    public int EffectiveThreads => Threads > 0 ? Threads : Environment.ProcessorCount;

    /// <summary>The part of it that the queue reads.</summary>
    public SchedulerOptions Scheduling =>
        new()
        {
            Workers = Workers,
            MaxQueueSeconds = MaxQueueSeconds,
            AgeingSeconds = AgeingSeconds,
            RunsShortBeside = ExecutionProvider.IsCpu(this),
            Niceness = ExecutionProvider.IsCpu(this) ? Niceness : 0,
        };
}
