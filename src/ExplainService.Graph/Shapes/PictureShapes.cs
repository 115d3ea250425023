namespace ExplainService.Graph.Shapes;

/// <summary>Operators over windows of a picture, and those that change its size.</summary>
internal static class PictureShapes
{
    public static void Pool(ShapeRule rule)
    {
        var node = rule.Node;
        if (rule.Dims(0) is not { Length: > 2 } x || node.Ints("kernel_shape") is not { } kernel || kernel.Length != x.Length - 2)
        {
            rule.Out(rule.In(0).Type, rule.Dims(0) is { } dims ? ShapeRule.Unknown(dims.Length) : null);
            return;
        }

        var spatial = kernel.Length;
        Dim[] result = [.. x];
        for (var axis = 0; axis < spatial; axis++)
        {
            var stride = node.Ints("strides")?[axis] ?? 1;
            var pads = node.Ints("pads") is { } list ? list[axis] + list[axis + spatial] : 0;
            var reach = ((kernel[axis] - 1) * (node.Ints("dilations")?[axis] ?? 1)) + 1;
            result[axis + 2] =
                (node.Text("auto_pad") ?? "NOTSET") is not ("NOTSET" or "VALID") || node.Int("ceil_mode") != 0 ? Dim.Unknown
                : pads == reach - 1 && stride == 1 ? x[axis + 2]
                : x[axis + 2].Value is { } length ? ((length + pads - reach) / stride) + 1
                : Dim.Unknown;
        }

        rule.Out(rule.In(0).Type, result);
        rule.Out(new TensorInfo(ElementType.Int64, result), 1);
    }

    /// <summary>By sizes that are known, else of the same rank: batch and channels stay what they are.</summary>
    public static void Resize(ShapeRule rule)
    {
        if (rule.Dims(0) is not { } x)
        {
            rule.Out(rule.In(0).Type, null);
            return;
        }

        var sizes = rule.In(3).Numbers;
        var axes = rule.Node.Ints("axes");
        Dim[] result = [.. x.Select((dim, axis) => axis < 2 ? dim : Dim.Unknown)];
        for (var i = 0; i < (sizes?.Length ?? 0); i++)
        {
            var axis = axes is null ? i : ShapeRule.Axis(axes[i], x.Length);
            if (axis < x.Length)
            {
                result[axis] = axis < 2 ? x[axis] : sizes![i];
            }
        }

        rule.Out(rule.In(0).Type, result);
    }

    public static void Blocks(ShapeRule rule)
    {
        if (rule.Dims(0) is not [var batch, var channels, var rows, var columns])
        {
            rule.Out(rule.In(0).Type, null);
            return;
        }

        Dim block = rule.Node.Int("blocksize");
        rule.Out(
            rule.In(0).Type,
            rule.Node.Op == "DepthToSpace"
                ? [batch, channels / (block * block), rows * block, columns * block]
                : [batch, channels * block * block, rows / block, columns / block]
        );
    }
}
