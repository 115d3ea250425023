namespace ExplainService.Graph.Shapes;

/// <summary>Operators over [batch, channels, …] and normalisations with further outputs.</summary>
internal static class ChannelShapes
{
    public static void Conv(ShapeRule rule)
    {
        if (rule.Dims(0) is not { Length: > 2 } x || rule.Dims(1) is not { } kernel || kernel.Length != x.Length)
        {
            rule.Out(rule.In(0).Type, rule.Dims(0) is { } dims ? ShapeRule.Unknown(dims.Length) : null);
            return;
        }

        var (node, spatial, back) = (rule.Node, x.Length - 2, rule.Node.Op == "ConvTranspose");
        Dim[] result = [.. x];
        result[1] = back ? kernel[1] * node.Int("group", 1) : kernel[0];
        for (var axis = 0; axis < spatial; axis++)
        {
            var stride = node.Ints("strides")?[axis] ?? 1;
            var pads = node.Ints("pads") is { } list ? list[axis] + list[axis + spatial] : 0;
            var reach = kernel[axis + 2].Value is { } size ? ((size - 1) * (node.Ints("dilations")?[axis] ?? 1)) + 1 : (long?)null;
            var fixedPads = (node.Text("auto_pad") ?? "NOTSET") is "NOTSET" or "VALID" && node.Ints("output_shape") is null;
            result[axis + 2] =
                !fixedPads || reach is null ? Dim.Unknown
                : pads == reach - 1 && stride == 1 ? x[axis + 2]
                : x[axis + 2].Value is not { } length ? Dim.Unknown
                : back ? ((length - 1) * stride) + reach.Value - pads + (node.Ints("output_padding")?[axis] ?? 0)
                : ((length + pads - reach.Value) / stride) + 1;
        }

        rule.Out(rule.In(0).Type, result);
    }

    public static void GlobalPool(ShapeRule rule) =>
        rule.Out(rule.In(0).Type, rule.Dims(0) is { } dims ? [.. dims.Select((dim, axis) => axis < 2 ? dim : 1)] : null);

    /// <summary>Mean and 1/σ keep the normalised axes as 1 and are computed in float32.</summary>
    public static void LayerNorm(ShapeRule rule)
    {
        var input = rule.In(0) with { Content = null };
        rule.Out(input);
        var first = input.Rank is { } rank ? ShapeRule.Axis(rule.Node.Int("axis", -1), rank) : 0;
        var saved = new TensorInfo(
            input.Type is ElementType.Double or ElementType.Undefined ? input.Type : ElementType.Float,
            input.Dims?.Select((dim, axis) => axis >= first ? 1 : dim).ToArray()
        );
        rule.Out(saved, 1);
        rule.Out(saved, 2);
    }
}
