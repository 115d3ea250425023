using ExplainService.Graph.Building;

namespace ExplainService.Graph.Forms;

/// <summary>
/// A change inside a model's graph that every row of a run chooses anew, by inputs of the form: which head is off, for one. So that there is
/// one form a kind of change, whatever is changed.
/// </summary>
public abstract record GraphIntervention
{
    /// <summary>The form's name, such as <c>ablation/heads</c>; those that differ must have different names.</summary>
    public abstract string Name { get; }

    /// <summary>What the form gives out instead of logits; null: logits.</summary>
    internal virtual GraphTap? Output => null;

    /// <summary>Adds the inputs and the change to a graph in plain operators.</summary>
    /// <param name="tape">The graph.</param>
    /// <param name="report">What was found in it.</param>
    /// <exception cref="NotSupportedException">It has not what is to be changed.</exception>
    internal abstract void Emit(Tape tape, GraphReport report);

    /// <summary>An input with a line for each row and layer.</summary>
    private protected static Value PerLayer(Tape tape, string name, ElementType type, int layers, params Dim[] more) =>
        tape.Input(name, type, [Readout.Batch(tape), layers, .. more]);

    /// <summary>A layer's part of such an input, [batch, …].</summary>
    private protected static Value OfLayer(Value input, int layer) => input.Gather(input.Tape.Constant<long>([layer]), 1);
}
