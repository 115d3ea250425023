using ExplainService.Graph.Building;

namespace ExplainService.Graph.Rewrites.Decompose;

/// <summary>
/// What a rewrite sees: one operator, where to emit its replacement, and where to put what takes the place of its outputs.
/// </summary>
internal sealed class RewriteStep(Tape tape, Node node, QuantisedValues quantised)
{
    private readonly Dictionary<int, Value> results = [];

    /// <summary>The operator.</summary>
    public Node Node => node;

    /// <summary>Emits nodes.</summary>
    public Tape Tape => tape;

    /// <summary>What quantised values stand for.</summary>
    public QuantisedValues Quantised => quantised;

    /// <summary>What takes the place of each output.</summary>
    public IReadOnlyDictionary<int, Value> Results => results;

    /// <summary>An input; null where it is left out.</summary>
    public Value? In(int index) => node.Input(index) is { } name ? tape[name] : null;

    /// <summary>An input that the operator cannot do without.</summary>
    /// <exception cref="GraphFormatException">It is left out.</exception>
    public Value Need(int index) => In(index) ?? throw new GraphFormatException($"{node} lacks input {index}.");

    /// <summary>An input that is a constant.</summary>
    public Weight? Constant(int index) => node.Input(index) is { } name ? tape.Graph.Weights.GetValueOrDefault(name) : null;

    /// <summary>Whether somebody may read an output.</summary>
    public bool Wants(int output) => output < node.Outputs.Count && node.Outputs[output].Length > 0;

    /// <summary>Gives what takes the place of an output.</summary>
    public void Out(int output, Value value)
    {
        if (Wants(output))
        {
            results[output] = value;
        }
    }
}
