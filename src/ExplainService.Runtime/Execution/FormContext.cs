using ExplainService.Graph.Forms;
using ExplainService.Runtime.Folders;
using ExplainService.Runtime.Scheduling;
using ExplainService.Runtime.Sessions;

namespace ExplainService.Runtime.Execution;

/// <summary>What every form of a model is made with.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Compiler">Makes the graphs.</param>
/// <param name="Limits">What rows may hold.</param>
/// <param name="Config">What the model's files say.</param>
/// <param name="Sessions">The forms as sessions over one copy of the weights.</param>
/// <param name="Options">The processors or the device.</param>
/// <param name="Device">What is measured has the device for itself.</param>
/// <param name="Time">The clock.</param>
internal sealed record FormContext(
    string Name,
    FormCompiler Compiler,
    ModelLimits Limits,
    ModelConfig Config,
    FormSessions Sessions,
    RuntimeOptions Options,
    DeviceGate Device,
    TimeProvider Time
)
{
    /// <summary>What was found in the graph.</summary>
    public GraphReport Report => Compiler.Report;

    /// <summary>Which part of a batch's logits belongs to a row.</summary>
    public LogitsLayout Layout { get; } = LogitsLayout.For(Compiler.Report);

    /// <summary>Rows to warm forms up with.</summary>
    public ExampleRows Examples { get; } = new(Limits, Config, LogitsLayout.For(Compiler.Report));

    /// <summary>Runs a form for the first time.</summary>
    public WarmUp WarmUp => new(Options, Limits, Examples, Device, Time);

    /// <summary>Results of late that a form may keep.</summary>
    public long CacheBytes => (long)Options.CacheMegabytes << 20;
}
