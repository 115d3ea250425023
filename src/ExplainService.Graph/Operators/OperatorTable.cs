using System.Collections.Frozen;
using static ExplainService.Graph.Operators.OperatorTrait;

namespace ExplainService.Graph.Operators;

/// <summary>
/// A row an operator: the one place that says what an operator is. Shapes, gradients, narrowing and patterns ask here; their own tables
/// hold only the rules.
/// </summary>
internal static class OperatorTable
{
    /// <summary>The domain of ONNX Runtime's own operators.</summary>
    public const string Contrib = "com.microsoft";

    private static readonly FrozenDictionary<(string, string), OperatorTraits> ByName = Build()
        .ToFrozenDictionary(row => (row.Domain, row.Op));

    /// <summary>Every row.</summary>
    public static IReadOnlyList<OperatorTraits> Rows => ByName.Values;

    /// <summary>The row of a node's operator; <see cref="OperatorTraits.Unknown"/> where there is none.</summary>
    public static OperatorTraits Of(Node node) => ByName.GetValueOrDefault((node.Domain, node.Op), OperatorTraits.Unknown);

    /// <summary>Whether a node's operator has one of these traits.</summary>
    public static bool Has(this Node node, OperatorTrait any) => (Of(node).Traits & any) != None;

    /// <summary>Whether an input only chooses, so that a result does not change with it a little.</summary>
    public static bool IsChoice(this Node node, int input)
    {
        var (start, length) = Of(node).Differentiable.GetOffsetAndLength(Math.Max(node.Inputs.Count, 2));
        return input < start || input >= start + length;
    }

    // Not NoGradient: QuantizeLinear. What is left of it in a decomposed graph stands for numbers that the result does change with.
    private static OperatorTraits[] Build() =>
        [
            new("Abs", 1, Unary | Linear),
            new("Add", 2, Elementwise | Joins | Linear),
            new("And", 2, Elementwise | Predicate | NoGradient),
            new("ArgMax", 1, NoGradient),
            new("ArgMin", 1, NoGradient),
            new("Atan", 1, Unary),
            new("Attention", 3),
            new("AveragePool", 1, Linear),
            new("BatchNormalization", 5, FirstInputGradient | Linear),
            new("Bernoulli", 1, NoGradient),
            new("BitShift", 2, Elementwise | NoGradient),
            new("BitwiseAnd", 2, Elementwise | NoGradient),
            new("BitwiseNot", 1, Unary | NoGradient),
            new("BitwiseOr", 2, Elementwise | NoGradient),
            new("BitwiseXor", 2, Elementwise | NoGradient),
            new("Cast", 1, Unary | Linear),
            new("CastLike", 2, Unary | Linear) { Differentiable = ..1 },
            new("Ceil", 1, Unary | NoGradient),
            new("Celu", 1, Unary | Activation),
            new("Clip", 1, Unary | Selects | FirstInputGradient | Linear | Activation),
            new("Concat", 1, Joins | Linear),
            new("Constant", 0, NoGradient),
            new("ConstantOfShape", 1, NoGradient),
            new("Conv", 2, FirstInputGradient | Linear),
            new("ConvTranspose", 2),
            new("Cos", 1, Unary),
            new("Cosh", 1, Unary),
            new("CumSum", 2, Linear),
            new("DepthToSpace", 1, Linear),
            new("DequantizeLinear", 2),
            new("Div", 2, Elementwise),
            new("Dropout", 1, Unary | Linear) { Differentiable = ..1 },
            new("DynamicQuantizeLinear", 1),
            new("Einsum", 1),
            new("Elu", 1, Unary | Activation),
            new("Equal", 2, Elementwise | Predicate | NoGradient),
            new("Erf", 1, Unary | Activation),
            new("Exp", 1, Unary),
            new("Expand", 2, Moves | TakesShape | Linear),
            new("EyeLike", 1, NoGradient),
            new("Flatten", 1, Reshapes | Linear),
            new("Floor", 1, Unary | NoGradient),
            new("Gather", 2, Moves | Linear),
            new("GatherElements", 2, Moves | Linear),
            new("GatherND", 2, Moves | Linear),
            new("Gelu", 1, Unary | Activation),
            new("Gemm", 2),
            new("GlobalAveragePool", 1, Linear),
            new("GlobalMaxPool", 1),
            new("Greater", 2, Elementwise | Predicate | NoGradient),
            new("GreaterOrEqual", 2, Elementwise | Predicate | NoGradient),
            new("GroupNormalization", 3, FirstInputGradient),
            new("HardSigmoid", 1, Unary | Activation),
            new("HardSwish", 1, Unary | Activation),
            new("Hardmax", 1, NoGradient),
            new("Identity", 1, Unary | Reshapes | Linear),
            new("If", 1),
            new("InstanceNormalization", 3, FirstInputGradient),
            new("IsInf", 1, Unary | Predicate | NoGradient),
            new("IsNaN", 1, Unary | Predicate | NoGradient),
            new("LayerNormalization", 2),
            new("LeakyRelu", 1, Unary | Linear | Activation),
            new("Less", 2, Elementwise | Predicate | NoGradient),
            new("LessOrEqual", 2, Elementwise | Predicate | NoGradient),
            new("Log", 1, Unary),
            new("LogSoftmax", 1),
            new("LpNormalization", 1),
            new("MatMul", 2),
            new("MatMulInteger", 2),
            new("Max", 1, Elementwise | Selects | Linear),
            new("MaxPool", 1, Linear),
            new("Mean", 1, Elementwise | Linear),
            new("Min", 1, Elementwise | Selects | Linear),
            new("Mish", 1, Unary | Activation),
            new("Mod", 2, Elementwise),
            new("Mul", 2, Elementwise | Joins),
            new("Multinomial", 1, NoGradient),
            new("Neg", 1, Unary | Linear),
            new("NonMaxSuppression", 2, NoGradient),
            new("NonZero", 1, NoGradient),
            new("Not", 1, Unary | Predicate | NoGradient),
            new("OneHot", 3) { Differentiable = 2.. },
            new("Or", 2, Elementwise | Predicate | NoGradient),
            new("PRelu", 2, Elementwise | Linear | Activation),
            new("Pad", 2, TakesShape | FirstInputGradient | Linear),
            new("Pow", 2, Elementwise),
            new("QuantizeLinear", 2),
            new("RMSNormalization", 2),
            new("RandomNormal", 0, NoGradient),
            new("RandomNormalLike", 1, NoGradient),
            new("RandomUniform", 0, NoGradient),
            new("RandomUniformLike", 1, NoGradient),
            new("Range", 3, NoGradient),
            new("Reciprocal", 1, Unary),
            new("ReduceL1", 1, TakesShape),
            new("ReduceL2", 1, TakesShape),
            new("ReduceLogSum", 1, TakesShape),
            new("ReduceLogSumExp", 1, TakesShape),
            new("ReduceMax", 1, TakesShape | Linear),
            new("ReduceMean", 1, TakesShape | Linear),
            new("ReduceMin", 1, TakesShape | Linear),
            new("ReduceProd", 1, TakesShape),
            new("ReduceSum", 1, TakesShape | Linear),
            new("ReduceSumSquare", 1, TakesShape),
            new("Relu", 1, Unary | Linear | Activation),
            new("Reshape", 2, Reshapes | TakesShape | Linear),
            new("Resize", 1, FirstInputGradient | Linear),
            new("Round", 1, Unary | NoGradient),
            new("ScatterElements", 3, Linear),
            new("ScatterND", 3, Linear),
            new("Selu", 1, Unary | Activation),
            new("Shape", 1, NoGradient | ReadsShape),
            new("Sigmoid", 1, Unary | Activation),
            new("Sign", 1, Unary | NoGradient),
            new("SimplifiedLayerNormalization", 2),
            new("Sin", 1, Unary),
            new("Sinh", 1, Unary),
            new("Size", 1, NoGradient | ReadsShape),
            new("Slice", 3, Moves | TakesShape | Linear),
            new("Softmax", 1),
            new("Softplus", 1, Unary | Activation),
            new("Softsign", 1, Unary | Activation),
            new("SpaceToDepth", 1, Linear),
            new("Split", 1, Moves | TakesShape | Linear),
            new("Sqrt", 1, Unary),
            new("Squeeze", 1, Reshapes | TakesShape | Linear),
            new("Sub", 2, Elementwise | Joins | Linear),
            new("Sum", 1, Elementwise | Joins | Linear),
            new("Swish", 1, Unary | Activation),
            new("Tan", 1, Unary),
            new("Tanh", 1, Unary | Activation),
            new("TensorScatter", 2),
            new("ThresholdedRelu", 1, Unary | Linear | Activation),
            new("Tile", 2, Moves | TakesShape | Linear),
            new("TopK", 2, TakesShape | Linear),
            new("Transpose", 1, Moves | Linear),
            new("Trilu", 1, TakesShape | Linear),
            new("Unique", 1, NoGradient),
            new("Unsqueeze", 2, Reshapes | TakesShape | Linear),
            new("Where", 3, Elementwise | Selects | Linear),
            new("Xor", 2, Elementwise | Predicate | NoGradient),
            new("Gelu", 1, Unary | Activation) { Domain = Contrib },
            new("QuickGelu", 1, Unary | Activation) { Domain = Contrib },
        ];
}
