using ExplainService.Graph.Building;
using ExplainService.Graph.Operators;

namespace ExplainService.Graph.Rewrites.Decompose;

/// <summary>
/// What quantised tensors stand for: weights are dequantised; an activation stands for what was rounded to make it, so that derivatives
/// pass straight through (Bengio et al. 2013, "Estimating or propagating gradients through stochastic neurons"), zero where it saturates.
/// </summary>
/// <param name="tape">Where replacements are emitted.</param>
/// <param name="producers">The nodes of the graph as it was.</param>
internal sealed class QuantisedValues(Tape tape, IReadOnlyDictionary<string, Node> producers)
{
    private const OperatorTrait Follows = OperatorTrait.Reshapes | OperatorTrait.Moves;

    private readonly Dictionary<string, Value> known = [];
    private readonly Dictionary<object, string> weights = [];

    /// <summary>The node of the graph as it was that wrote a value.</summary>
    public Node? Producer(string name) => producers.GetValueOrDefault(name);

    /// <summary>The real numbers behind a quantised value; null where they cannot be told.</summary>
    /// <param name="name">The quantised value.</param>
    /// <param name="scale">Its scale.</param>
    /// <param name="zeroPoint">Its zero point.</param>
    /// <param name="axis">The axis of scales, where there are several; may be negative.</param>
    /// <param name="block">Indices of the axis that share a scale; 0: each has its own.</param>
    public Value? Real(string name, string? scale, string? zeroPoint, long axis = -1, long block = 0)
    {
        if (known.TryGetValue(name, out var value))
        {
            return value;
        }

        if (tape.Graph.Weights.TryGetValue(name, out var weight))
        {
            return scale is null ? null : Real(weight, scale, zeroPoint, axis, block);
        }

        if (!producers.TryGetValue(name, out var node))
        {
            return null;
        }

        value = node.Op switch
        {
            "DynamicQuantizeLinear" => tape[node.Inputs[0]],
            "QuantizeLinear" => Saturated(tape[node.Inputs[0]], node),
            _ when node.Has(Follows) && scale is not null && IsScalar(scale) => Moved(node, name, scale, zeroPoint),
            _ => null,
        };
        if (value is not null)
        {
            known[name] = value;
        }

        return value;
    }

    /// <summary>Says what a quantised value stands for.</summary>
    public void Learn(string name, Value real) => known[name] = real;

    /// <summary>The name of the scale that a quantised activation was made with; null for other values.</summary>
    public string? ScaleOf(string name)
    {
        while (producers.TryGetValue(name, out var node))
        {
            if (node.Op == "DynamicQuantizeLinear")
            {
                return node.Outputs[1];
            }

            if (node.Op == "QuantizeLinear")
            {
                return node.Inputs[1];
            }

            if (!node.Has(Follows))
            {
                return null;
            }

            name = node.Inputs[0];
        }

        return null;
    }

    /// <summary>Adds a weight that is made when it is first read; equal ones are made once.</summary>
    /// <param name="packed">The name of what it is made from.</param>
    /// <param name="how">All else that it depends on, compared by value: packed numbers may be shared by weights of other scales.</param>
    /// <param name="make">Makes it, by its name.</param>
    public Value Deferred(string packed, object how, Func<string, Weight> make)
    {
        if (!weights.TryGetValue((packed, how), out var name))
        {
            var weight = make(tape.Graph.Unique(packed + "_dequantised"));
            weights[(packed, how)] = name = tape.Constant(weight).Name;
        }

        return tape[name];
    }

    private Value? Real(Weight weight, string scale, string? zeroPoint, long axis, long block)
    {
        var along = (int)(axis < 0 ? axis + weight.Dims.Count : axis);
        var key = (weight.Name, scale, zeroPoint, along, (int)block);
        if (weights.TryGetValue(key, out var name))
        {
            return tape[name];
        }

        if (!tape.Graph.Weights.TryGetValue(scale, out var scales))
        {
            return null;
        }

        Weight? zeros = null;
        if (zeroPoint is not null && !tape.Graph.Weights.TryGetValue(zeroPoint, out zeros))
        {
            return null;
        }

        var whole = new Dequantisation(weight, scales, zeros, along, (int)block);
        if (!whole.Fits)
        {
            return null;
        }

        var made = whole.As(tape.Graph.Unique(weight.Name + "_dequantised"));
        weights[key] = tape.Constant(made).Name;
        return tape[made.Name];
    }

    private bool IsScalar(string name) => tape.Graph.Weights.TryGetValue(name, out var weight) ? weight.Count == 1 : tape[name].Rank == 0;

    private Value? Moved(Node node, string name, string scale, string? zeroPoint)
    {
        if (Real(node.Inputs[0], scale, zeroPoint) is not { } source)
        {
            return null;
        }

        var inputs = node
            .Inputs.Select(
                (input, i) =>
                    i == 0 ? source
                    : input.Length > 0 ? tape[input]
                    : null
            )
            .ToArray();
        var outputs = tape.Emit(node.Op, inputs, node.Outputs.Count, "", [.. node.Attributes.Select(pair => (pair.Key, pair.Value))]);
        foreach (var (output, value) in node.Outputs.Zip(outputs).Where(pair => pair.First.Length > 0))
        {
            known[output] = value;
        }

        return known[name];
    }

    /// <summary>
    /// Cut to what the integers can hold: quantisers drop a Relu whose result is quantised without negative numbers, and rely on this.
    /// </summary>
    private Value Saturated(Value value, Node node)
    {
        var zero = node.Input(2) is { } name ? tape.Graph.Weights.GetValueOrDefault(name) : null;
        if (zero is null && node.Input(2) is not null)
        {
            return value;
        }

        (double Least, double Largest)? range = tape[node.Output].Type switch
        {
            ElementType.UInt8 => (0, 255),
            ElementType.Int8 => (-128, 127),
            ElementType.UInt16 => (0, 65535),
            ElementType.Int16 => (-32768, 32767),
            _ => null,
        };
        if (range is not { } ends || !tape.Graph.Weights.TryGetValue(node.Inputs[1], out var scale) || scale.Count != 1 || zero?.Count > 1)
        {
            return value;
        }

        var (unit, origin) = (scale.ToFloats()[0], zero?.ToFloats()[0] ?? 0);
        return tape.Emit(
            "Clip",
            value,
            tape.Scalar((ends.Least - origin) * unit, value.Type),
            tape.Scalar((ends.Largest - origin) * unit, value.Type)
        );
    }
}
