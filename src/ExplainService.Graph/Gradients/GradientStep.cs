using ExplainService.Graph.Building;

namespace ExplainService.Graph.Gradients;

/// <summary>What a gradient rule sees: one operator with the gradient of its outputs, and where to put those of its inputs.</summary>
internal sealed class GradientStep(
    Tape tape,
    Node node,
    IReadOnlyDictionary<string, Value> gradients,
    IReadOnlySet<string> wanted,
    int? only = null
)
{
    private readonly Dictionary<int, Value> results = [];
    private Value? half;

    /// <summary>The operator.</summary>
    public Node Node => node;

    /// <summary>Emits nodes.</summary>
    public Tape Tape => tape;

    /// <summary>The gradient of the first output.</summary>
    public Value G =>
        half ?? Gradient(0) ?? throw new UnsupportedGradientException(node, "is differentiated through an output other than its first");

    /// <summary>The first output.</summary>
    public Value Y => tape[node.Output];

    /// <summary>Gradients of the inputs, by index.</summary>
    public IReadOnlyDictionary<int, Value> Results => results;

    /// <summary>An input.</summary>
    public Value In(int index) => tape[node.Input(index) ?? throw new UnsupportedGradientException(node, $"lacks input {index}")];

    /// <summary>An input that is a list of integers known now, or an attribute of older opsets.</summary>
    public long[]? List(string attribute, int index) =>
        node.Ints(attribute) ?? (node.Input(index) is { } name ? tape[name].Info.Numbers : null);

    /// <summary>The gradient of an output; null where nothing depends on it.</summary>
    public Value? Gradient(int output) =>
        output < node.Outputs.Count && gradients.TryGetValue(node.Outputs[output], out var gradient) ? gradient : null;

    /// <summary>Whether the gradient of an input is wanted.</summary>
    public bool Wants(int index) => node.Input(index) is { } name && wanted.Contains(name) && (only is null || index == only);

    /// <summary>Shares the gradient of the first output out between two operands: each gets a half.</summary>
    public void Halve() => half = G * 0.5;

    /// <summary>Gives the gradient of an input, if it is wanted.</summary>
    public void Give(int index, Func<Value> gradient)
    {
        if (Wants(index))
        {
            results[index] = gradient();
        }
    }

    /// <summary>Gives the gradient of an input that may have been broadcast: sums over the axes along which it was.</summary>
    public void GiveSummed(int index, Func<Value> gradient) => Give(index, () => Broadcasting.Undo(gradient(), In(index)));

    /// <summary>The rank of an input.</summary>
    public int RankOf(int index) =>
        In(index).Rank ?? throw new UnsupportedGradientException(node, $"has an input of unknown rank ('{node.Inputs[index]}')");

    /// <summary>An axis counted from the front.</summary>
    public static int Axis(long axis, int rank) => (int)(axis < 0 ? axis + rank : axis);
}
