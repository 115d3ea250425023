using ExplainService.Graph.Building;

namespace ExplainService.Graph.Forms;

/// <summary>Values inside a model's graph that a form of their own gives out: attention maps, for one.</summary>
public abstract record GraphTap
{
    /// <summary>The form's name, such as <c>attention/Self</c>. Its session is kept by it: taps that differ must have different names.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Whether the values are the model's own, in its own arithmetic, rather than what is inside the function that quantised or narrowed
    /// operators approximate.
    /// </summary>
    public virtual bool IsOfModelItself => false;

    /// <summary>Makes the values outputs of a graph in plain operators.</summary>
    /// <param name="tape">The graph.</param>
    /// <param name="report">What was found in it.</param>
    /// <exception cref="NotSupportedException">It has no such values.</exception>
    internal abstract void Emit(Tape tape, GraphReport report);
}
