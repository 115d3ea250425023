using ExplainService.Graph;

namespace ExplainService.Tests.Graph.Gradients;

/// <summary>How much of the inputs' shapes the graph declares; rules must be right whatever is known.</summary>
public enum Declared
{
    /// <summary>Numbers.</summary>
    Sizes,

    /// <summary>A different symbol for every axis of a size other than 1.</summary>
    Symbols,

    /// <summary>Only the rank.</summary>
    Ranks,
}

/// <summary>An operator on given inputs: what its gradient rule is checked on.</summary>
internal sealed record RuleCase(string Op, RuleInput[] Inputs, params (string Name, object Value)[] Attributes)
{
    /// <summary>How many outputs the node has; the floating-point ones are all differentiated.</summary>
    public int Outputs { get; init; } = 1;

    /// <summary>Which outputs are differentiated; default: the first.</summary>
    public int[] Through { get; init; } = [0];

    /// <summary>The version of the operators.</summary>
    public long Opset { get; init; } = 18;

    /// <summary>The operator's domain.</summary>
    public string Domain { get; init; } = "";

    public override string ToString() =>
        $"{Op}({string.Join(", ", Inputs.Select(input => input.ToString()))}){string.Concat(Attributes.Select(pair => $" {pair.Name}={Text(pair.Value)}"))}"
        + (Opset == 18 ? "" : $" opset {Opset}")
        + (Through is [0] ? "" : $" through {string.Join('+', Through)}");

    private static string Text(object value) => value is Array list ? $"[{string.Join(',', list.Cast<object>())}]" : value.ToString()!;
}

/// <summary>An input of a case: fed or constant, differentiated or not.</summary>
internal sealed record RuleInput(string Kind, long[] Dims, Array? Values, bool Constant)
{
    /// <summary>Whether gradients are asked for.</summary>
    public bool IsMoving => Kind is "f" or "p" or "v";

    /// <summary>Floats around zero, no two closer than steps of the check, none on a kink.</summary>
    public static RuleInput F(params long[] dims) => new("f", dims, null, false);

    /// <summary>Floats between 0.5 and 2.</summary>
    public static RuleInput P(params long[] dims) => new("p", dims, null, false);

    /// <summary>These floats.</summary>
    public static RuleInput V(long[] dims, params float[] values) => new("v", dims, values, false);

    /// <summary>Floats that are a weight of the graph.</summary>
    public static RuleInput C(long[] dims, params float[] values) => new("c", dims, values, true);

    /// <summary>Integers that a run feeds.</summary>
    public static RuleInput I(long[] dims, params long[] values) => new("i", dims, values, false);

    /// <summary>A list of integers that is a weight.</summary>
    public static RuleInput N(params long[] values) => new("n", [values.Length], values, true);

    /// <summary>An integer scalar that is a weight.</summary>
    public static RuleInput N0(long value) => new("n", [], new[] { value }, true);

    /// <summary>Truth values that a run feeds, every third false.</summary>
    public static RuleInput B(params long[] dims) => new("b", dims, null, false);

    /// <summary>An optional input that is left out.</summary>
    public static RuleInput None { get; } = new("-", [], null, true);

    /// <summary>How many elements.</summary>
    public int Count => (int)Dims.Aggregate(1L, (count, dim) => count * dim);

    public ElementType Type =>
        Kind switch
        {
            "i" or "n" => ElementType.Int64,
            "b" => ElementType.Bool,
            _ => ElementType.Float,
        };

    /// <summary>The elements, by the input's place among the node's.</summary>
    public Array Elements(int index)
    {
        if (Values is not null)
        {
            return Values;
        }

        var spread = Math.Max(1, Math.Min(Count, 16));
        return Kind switch
        {
            "b" => Enumerable.Range(0, Count).Select(i => i % 3 != 1).ToArray(),
            "p" => Enumerable.Range(0, Count).Select(i => 0.5f + (0.1f * (i * 7 % 16)) + (0.013f * index)).ToArray(),
            _ => Enumerable.Range(0, Count).Select(i => (0.2f * ((i * 7 % spread) - (spread / 2))) + 0.03f + (0.07f * index)).ToArray(),
        };
    }

    public override string ToString() =>
        Kind switch
        {
            "-" => "none",
            "n" => $"{(Dims.Length == 0 ? "" : "[")}{string.Join(',', Values!.Cast<long>())}{(Dims.Length == 0 ? "" : "]")}",
            "i" => $"ints {string.Join('x', Dims)} ({string.Join(',', Values!.Cast<long>())})",
            "v" or "c" =>
                $"{Kind} {string.Join('x', Dims)} ({string.Join(',', Values!.Cast<float>().Select(x => FormattableString.Invariant($"{x}")))})",
            _ => $"{Kind} {(Dims.Length == 0 ? "scalar" : string.Join('x', Dims))}",
        };
}
