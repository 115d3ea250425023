using ExplainService.Runtime;

namespace ExplainService.Tests.Runtime;

/// <summary>Remembers what it is told.</summary>
internal sealed class RecordingObserver : IModelObserver
{
    public List<Exception> Faults { get; } = [];

    public List<string> Failures { get; } = [];

    public void Loaded(string model, TimeSpan elapsed) { }

    public void Unloaded(string model) { }

    public void Failed(string model, string reason) => Failures.Add(reason);

    public void Faulted(string model, Exception fault) => Faults.Add(fault);
}
