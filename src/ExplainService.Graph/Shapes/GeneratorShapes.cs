namespace ExplainService.Graph.Shapes;

/// <summary>Operators that make values out of shapes, types or nothing, and control flow.</summary>
internal static class GeneratorShapes
{
    public static void Shape(ShapeRule rule)
    {
        if (rule.Dims(0) is not { } dims)
        {
            rule.Out(ElementType.Int64, [Dim.Unknown]);
            return;
        }

        var start = Math.Clamp(ShapeRule.Axis(rule.Node.Int("start"), dims.Length), 0, dims.Length);
        var end = Math.Clamp(ShapeRule.Axis(rule.Node.Int("end", dims.Length), dims.Length), start, dims.Length);
        rule.Out(ElementType.Int64, [end - start], dims[start..end]);
    }

    public static void Cast(ShapeRule rule)
    {
        var (input, type) = (rule.In(0), (ElementType)rule.Node.Int("to"));
        var content = type switch
        {
            ElementType.Bool => input.Content is { } c
                ? Array.ConvertAll(c, x => x.Value is { } value ? (value != 0 ? 1 : 0) : Dim.Unknown)
                : null,
            ElementType.Int32 or ElementType.Int64 => input.Content,
            _ => null,
        };
        rule.Out(type, input.Dims, content);
    }

    public static void Constant(ShapeRule rule)
    {
        if (rule.Node.Tensor("value") is not { } value)
        {
            return;
        }

        var small = value.Type.IsIndex() && value.Count <= TensorInfo.ContentLimit && value.Dims.Count <= 1;
        rule.Out(value.Type, [.. value.Dims.Select(dim => (Dim)dim)], small ? Array.ConvertAll(value.ToLongs(), x => (Dim)x) : null);
    }

    public static void ConstantOfShape(ShapeRule rule)
    {
        var value = rule.Node.Tensor("value");
        var type = value?.Type ?? ElementType.Float;
        var dims = rule.In(0).Content ?? (rule.Dims(0) is [{ Value: { } rank }] ? ShapeRule.Unknown((int)rank) : null);
        Dim[]? content = null;
        if (type.IsIndex() && dims is [{ Value: { } count and <= TensorInfo.ContentLimit }])
        {
            content = Enumerable.Repeat((Dim)value!.ToLongs()[0], (int)count).ToArray();
        }

        rule.Out(type, dims, content);
    }

    public static void Range(ShapeRule rule)
    {
        var type = rule.In(0).Type;
        if (
            rule.In(0).Content is not [var start]
            || rule.In(1).Content is not [var limit]
            || rule.In(2).Content is not [{ Value: { } step and not 0 }]
        )
        {
            rule.Out(type, [Dim.Unknown]);
            return;
        }

        if (start.Value is not { } from || limit.Value is not { } to)
        {
            // Sizes are not negative, so the count of 0..size is the size.
            rule.Out(type, [step == 1 && limit.IsSize && start.Value == 0 ? limit : Dim.Unknown]);
            return;
        }

        var count = Math.Max(0L, (long)Math.Ceiling((to - from) / (double)step));
        rule.Out(
            type,
            [count],
            count > TensorInfo.ContentLimit ? null : [.. Enumerable.Range(0, (int)count).Select(i => (Dim)(from + (i * step)))]
        );
    }

    public static void DynamicQuantize(ShapeRule rule)
    {
        rule.Out(ElementType.UInt8, rule.Dims(0));
        rule.Out(new TensorInfo(ElementType.Float, []), 1);
        rule.Out(new TensorInfo(ElementType.UInt8, []), 2);
    }

    // The branch that a known condition takes, or else what both branches agree on.
    public static void If(ShapeRule rule)
    {
        if (rule.Node.Subgraph("then_branch") is not { } yes || rule.Node.Subgraph("else_branch") is not { } no)
        {
            return;
        }

        if (rule.In(0).Numbers is [var condition])
        {
            (yes, no) = condition != 0 ? (yes, yes) : (no, no);
        }

        var (thenShapes, elseShapes) = (rule.Shapes.Inner(yes), rule.Shapes.Inner(no));
        for (var i = 0; i < rule.Node.Outputs.Count; i++)
        {
            var (a, b) = (thenShapes[yes.Outputs[i].Name], elseShapes[no.Outputs[i].Name]);
            var dims = a.Rank == b.Rank ? a.Dims?.Zip(b.Dims!, (x, y) => x == y ? x : Dim.Unknown).ToArray() : null;
            rule.Out(new TensorInfo(a.Type == b.Type ? a.Type : ElementType.Undefined, dims), i);
        }
    }
}
