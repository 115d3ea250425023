using ExplainService.Runtime.Execution;
using ExplainService.Runtime.Scheduling;

namespace ExplainService.Runtime.Models;

/// <summary>What all models of a registry have in common.</summary>
/// <param name="Loader">Reads folders.</param>
/// <param name="Scheduler">The queue in front of the device.</param>
/// <param name="Memory">What they may take together.</param>
/// <param name="Preparation">Makes forms ahead of their use.</param>
/// <param name="Time">The clock.</param>
/// <param name="Observer">Is told what becomes of them.</param>
/// <param name="Closing">The registry is being disposed of.</param>
internal sealed record ModelServices(
    ModelLoader Loader,
    Scheduler Scheduler,
    MemoryLimit Memory,
    FormPreparation Preparation,
    TimeProvider Time,
    IModelObserver? Observer,
    CancellationToken Closing
);
