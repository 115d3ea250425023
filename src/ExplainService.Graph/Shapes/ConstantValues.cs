namespace ExplainService.Graph.Shapes;

/// <summary>Arithmetic on the elements of shapes, where they are followed.</summary>
internal static class ConstantValues
{
    public static Dim[]? Binary(ShapeRule rule)
    {
        var (a, b) = (rule.In(0), rule.In(1));
        return a.Content is null || b.Content is null || !IsInStep(a, b)
            ? null
            : Zip(a.Content, b.Content, (x, y) => Apply(rule.Node.Op, x, y));
    }

    public static Dim[]? Not(ShapeRule rule) =>
        rule.In(0).Content is { } content ? Array.ConvertAll(content, x => x.Value is { } value ? 1 - value : Dim.Unknown) : null;

    public static Dim[]? Where(ShapeRule rule)
    {
        if (
            rule.In(0).Content is not { } condition
            || rule.In(1).Content is not { } yes
            || rule.In(2).Content is not { } no
            || !IsInStep(rule.In(0), rule.In(1), rule.In(2))
        )
        {
            return null;
        }

        var size = Math.Max(condition.Length, Math.Max(yes.Length, no.Length));
        var result = new Dim[size];
        for (var i = 0; i < size; i++)
        {
            var (x, y) = (At(yes, i), At(no, i));
            result[i] = At(condition, i).Value is { } chosen ? (chosen != 0 ? x : y) : (x == y ? x : Dim.Unknown);
        }

        return result;
    }

    /// <summary>Whether elements meet in the order in which they are listed: no operand is repeated along one axis but not another.</summary>
    private static bool IsInStep(params TensorInfo[] operands)
    {
        Dim[]?[] several = [.. operands.Where(operand => operand.Content!.Length != 1).Select(operand => operand.Dims)];
        return Array.TrueForAll(several, dims => dims is { Length: <= 1 })
            || Array.TrueForAll(
                several,
                dims => dims is not null && !Array.Exists(dims, dim => dim.IsUnknown) && several[0]!.SequenceEqual(dims)
            );
    }

    private static Dim At(Dim[] content, int index) => content[content.Length == 1 ? 0 : index];

    private static Dim[]? Zip(Dim[] a, Dim[] b, Func<Dim, Dim, Dim> apply)
    {
        if (a.Length != b.Length && a.Length != 1 && b.Length != 1)
        {
            return null;
        }

        var result = new Dim[a.Length == 1 ? b.Length : a.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = apply(At(a, i), At(b, i));
        }

        return result;
    }

    private static Dim Apply(string op, Dim a, Dim b)
    {
        switch (op)
        {
            case "Add":
                return a + b;
            case "Sub":
                return a - b;
            case "Mul":
                return a * b;
            case "Div" when a.Value is { } x && b.Value is { } y && y != 0:
                return x / y;
            case "Div":
                return a / b;
            case "Equal" when a == b && !a.IsUnknown:
                return 1;
            // A size is never negative: exporters ask this of shapes that may hold -1.
            case "Equal" when (a.IsSize && b.Value < 0) || (b.IsSize && a.Value < 0):
                return 0;
        }

        if (a.Value is not { } left || b.Value is not { } right)
        {
            return Dim.Unknown;
        }

        return op switch
        {
            "Mod" when right != 0 => left - (right * (long)Math.Floor((double)left / right)),
            "Min" => Math.Min(left, right),
            "Max" => Math.Max(left, right),
            "Equal" => left == right ? 1 : 0,
            "Less" => left < right ? 1 : 0,
            "LessOrEqual" => left <= right ? 1 : 0,
            "Greater" => left > right ? 1 : 0,
            "GreaterOrEqual" => left >= right ? 1 : 0,
            "And" => left & right,
            "Or" => left | right,
            "Xor" => left ^ right,
            _ => Dim.Unknown,
        };
    }
}
