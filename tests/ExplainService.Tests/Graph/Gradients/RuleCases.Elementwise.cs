using static ExplainService.Tests.Graph.Gradients.RuleInput;

namespace ExplainService.Tests.Graph.Gradients;

/// <summary>A line a case.</summary>
internal static partial class RuleCases
{
    private static string[] SmoothUnary =>
        ["Neg", "Abs", "Exp", "Erf", "Tanh", "Sigmoid", "Sin", "Cos", "Atan", "Sinh", "Cosh", "Identity", "Softplus", "Softsign"];
    private static string[] KinkedUnary => ["Relu", "LeakyRelu", "Elu", "Selu", "Celu", "HardSwish", "HardSigmoid", "Mish"];
    private static string[] PositiveUnary => ["Sqrt", "Reciprocal", "Log", "Tan"];

    private static IEnumerable<RuleCase> Elementwise() =>
        [
            .. SmoothUnary
                .Concat(KinkedUnary)
                .SelectMany(op => new RuleCase[] { new(op, [F(2, 3)]), new(op, [F()]), new(op, [F(1, 1, 5)]) }),
            .. PositiveUnary.SelectMany(op => new RuleCase[] { new(op, [P(2, 3)]), new(op, [P()]) }),
            .. new[] { "Add", "Sub", "Mul", "Mean", "Sum", "Min", "Max" }.SelectMany(Broadcasts),
            .. Broadcasts("Div", P, P),
            .. Broadcasts("Pow", P, F),
            new("Div", [F(0, 3), P(3)]),
            new("Div", [C([3], 1, 2, 3), P(2, 3)]),
            new("Pow", [F(2, 3), C([], 2)]),
            new("Pow", [F(2, 3), C([1], 3)]),
            new("Pow", [F(4), C([4], 1, 2, 3, 0)]),
            new("Pow", [V([3], 0, -1, 2), C([], 0)]),
            new("Pow", [V([3], 0, 0, 2), C([3], 0, 2, 3)]),
            new("Pow", [P(5), C([], 0.5f)]),
            new("Pow", [P(5), C([], -1.5f)]),
            new("Pow", [F(3), N0(3)]),
            new("Mod", [V([4], 1.3f, -1.3f, 5.7f, 0.2f), V([4], 0.9f, 0.8f, 2.1f, -0.9f)], ("fmod", 1L)),
            new("Sum", [F(2, 3), F(3), F(1, 1), F()]),
            new("Sum", [F(3)]),
            new("Mean", [F(2, 3), F(3), F(2, 1)]),
            new("Max", [F(4), F(4), F(1)]),
            new("Min", [F(2, 3), F(3), F()]),
            new("Max", [F(3)]),
            new("Where", [B(2, 3), F(2, 3), F(2, 3)]),
            new("Where", [B(3, 1), F(2, 1, 4), F()]),
            new("Where", [B(1, 4), F(), F(3, 1)]),
            new("Where", [B(2, 3), F(3), C([], -10)]),
            new("Cast", [F(2, 3)], ("to", 1L)),
            new("Cast", [F(2, 3)], ("to", 11L)),
            new("CastLike", [F(2, 3), C([1], 0)]),
            new("Dropout", [F(2, 3)]),
            new("Clip", [F(3, 5), C([], -0.5f), C([], 0.41f)]),
            new("Clip", [F(3, 5), None, C([], 0.41f)]),
            new("Clip", [F(3, 5), C([], -0.5f)]),
            new("Clip", [F(3, 5)]),
            new("LeakyRelu", [F(7)], ("alpha", 0.3f)),
            new("Elu", [F(7)], ("alpha", 0.7f)),
            new("Selu", [F(7)], ("alpha", 1.5f), ("gamma", 2f)),
            new("Celu", [F(7)], ("alpha", 1.7f)),
            new("HardSigmoid", [F(16)], ("alpha", 0.9f), ("beta", 0.4f)),
            new("HardSwish", [V([5], -4, -2.5f, 0.1f, 2.2f, 3.7f)]),
            new("ThresholdedRelu", [F(16)], ("alpha", 0.5f)),
            new("PRelu", [F(2, 3), F(2, 3)]),
            new("PRelu", [F(2, 3), F(1)]),
            new("PRelu", [F(2, 3, 2), F(3, 1)]),
            new("Swish", [F(2, 3)]) { Opset = 24 },
            new("Swish", [F(2, 3)], ("alpha", 1.7f)) { Opset = 24 },
            new("Gelu", [F(2, 3)]) { Domain = "com.microsoft" },
            new("Gelu", [F(2, 3)]) { Opset = 20 },
            new("Gelu", [F(2, 3)], ("approximate", "tanh")) { Opset = 20 },
            new("Gelu", [F()], ("approximate", "none")) { Opset = 20 },
        ];

    private static IEnumerable<RuleCase> Broadcasts(string op) => Broadcasts(op, F, F);

    private static IEnumerable<RuleCase> Broadcasts(string op, Func<long[], RuleInput> left, Func<long[], RuleInput> right) =>
        [
            new(op, [left([2, 3]), right([2, 3])]),
            new(op, [left([2, 3]), right([3])]),
            new(op, [left([1]), right([2, 1, 3])]),
            new(op, [left([2, 1, 4]), right([3, 1])]),
            new(op, [left([]), right([5])]),
            new(op, [left([5]), right([])]),
            new(op, [left([]), right([])]),
            new(op, [left([1, 1]), right([1, 1])]),
            new(op, [left([1, 3, 1, 2]), right([2, 1, 2, 1])]),
            new(op, [left([0, 3]), right([1, 3])]),
        ];
}
