namespace ExplainService.Graph.Operators;

/// <summary>What is known of an operator.</summary>
/// <param name="Op">Its name.</param>
/// <param name="Inputs">How many inputs it cannot do without, of operators that are current (opset 13 and later).</param>
/// <param name="Traits">What it does.</param>
internal sealed record OperatorTraits(string Op, int Inputs, OperatorTrait Traits = OperatorTrait.None)
{
    /// <summary>An operator of which nothing is known.</summary>
    public static OperatorTraits Unknown { get; } = new("", 0);

    /// <summary>Its domain; empty for ONNX's own.</summary>
    public string Domain { get; init; } = "";

    /// <summary>
    /// The inputs that the result changes with a little as they do; the others only choose: which element is hot, which type a result
    /// has, how much is dropped.
    /// </summary>
    public Range Differentiable { get; init; } = Range.All;
}
