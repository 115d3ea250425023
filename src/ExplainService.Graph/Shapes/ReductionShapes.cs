namespace ExplainService.Graph.Shapes;

/// <summary>Operators that reduce along axes.</summary>
internal static class ReductionShapes
{
    public static void Reduce(ShapeRule rule)
    {
        var type = rule.In(0).Type;
        var keep = rule.Node.Int("keepdims", 1) != 0;
        if (rule.Dims(0) is not { } dims)
        {
            rule.Out(type, null);
            return;
        }

        var axes = rule.List("axes", 1);
        if (axes is null && rule.HasList("axes", 1))
        {
            rule.Out(type, keep ? ShapeRule.Unknown(dims.Length) : null);
            return;
        }

        if ((axes is null || axes.Length == 0) && rule.Node.Int("noop_with_empty_axes") != 0)
        {
            rule.Out(type, dims);
            return;
        }

        var reduced =
            axes is null || axes.Length == 0
                ? Enumerable.Range(0, dims.Length).ToHashSet()
                : axes.Select(axis => ShapeRule.Axis(axis, dims.Length)).ToHashSet();
        var content = rule.Node.Op == "ReduceProd" && rule.In(0).Content is { } elements ? new[] { ShapeRule.Product(elements) } : null;
        rule.Out(type, Remove(dims, reduced.Contains, keep), content);
    }

    public static void Arg(ShapeRule rule)
    {
        if (rule.Dims(0) is not { } dims)
        {
            rule.Out(ElementType.Int64, null);
        }
        else
        {
            var axis = ShapeRule.Axis(rule.Node.Int("axis"), dims.Length);
            rule.Out(ElementType.Int64, Remove(dims, i => i == axis, rule.Node.Int("keepdims", 1) != 0));
        }
    }

    public static void TopK(ShapeRule rule)
    {
        Dim[]? result = null;
        if (rule.Dims(0) is { } dims)
        {
            result = [.. dims];
            result[ShapeRule.Axis(rule.Node.Int("axis", -1), dims.Length)] = rule.In(1).Content is [var k] ? k : Dim.Unknown;
        }

        rule.Out(new TensorInfo(rule.In(0).Type, result));
        rule.Out(new TensorInfo(ElementType.Int64, result), 1);
    }

    private static Dim[] Remove(Dim[] dims, Predicate<int> reduced, bool keep) =>
        [
            .. dims.Select((dim, axis) => reduced(axis) ? (keep ? 1 : (Dim?)null) : dim)
                .Where(dim => dim is not null)
                .Select(dim => dim!.Value),
        ];
}
