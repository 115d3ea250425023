using ExplainService.Graph.Building;

namespace ExplainService.Graph.Gradients;

/// <summary>Operators over windows of a picture, and those that change its size.</summary>
internal static class PoolingRules
{
    /// <summary>To the element of each window that is the largest; where windows overlap, gradients add up.</summary>
    public static void Max(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                if (step.Node.Int("storage_order") != 0)
                {
                    throw new UnsupportedGradientException(step.Node, "with column-major indices has no gradient rule");
                }

                var found = step.Tape.Emit("MaxPool", [step.In(0)], 2, "", Attributes(step));
                return LayoutRules.ScatterFlat(step.In(0), found[1], step.G);
            }
        );

    /// <summary>To all elements of a window in equal parts: the transposed convolution of each channel with ones.</summary>
    public static void Average(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                if ((step.Node.Text("auto_pad") ?? "NOTSET") is not ("NOTSET" or "VALID") || step.Node.Int("ceil_mode") != 0)
                {
                    throw new UnsupportedGradientException(step.Node, "with automatic padding or rounding up has no gradient rule");
                }

                var (tape, x) = (step.Tape, step.In(0));
                var size = step.Node.Ints("kernel_shape")!;
                var area = size.Aggregate(1L, (product, side) => product * side);
                var ones = tape.Constant<float>([.. Enumerable.Repeat(1f, (int)area)], [1, 1, .. size]).Cast(x.Type);
                (string, object)[] kept = [.. Attributes(step).Where(one => one.Item1 is "strides" or "pads" or "dilations")];
                var g = Channels(step.G);
                var padded = (step.Node.Ints("pads") ?? []).Any(pad => pad != 0);
                if (!padded || step.Node.Int("count_include_pad") != 0)
                {
                    g /= area;
                }
                else
                {
                    var present = tape.Scalar(1, x.Type).Expand(Channels(x).Shape());
                    g /= tape.Emit("Conv", [present, ones], kept);
                }

                return ChannelRules.Transposed(step, g, ones, Channels(x), kept).ReshapeLike(x);
            }
        );

    /// <summary>
    /// Linear, and the same along each axis: what the operator makes of unit vectors along an axis are the columns of its matrix there,
    /// whatever its mode is.
    /// </summary>
    public static void Resize(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                if (
                    step.Node.Text("coordinate_transformation_mode") == "tf_crop_and_resize"
                    || (step.Node.Text("keep_aspect_ratio_policy") ?? "stretch") != "stretch"
                )
                {
                    throw new UnsupportedGradientException(step.Node, "that cuts, or keeps the aspect ratio, has no gradient rule");
                }

                var rank = step.RankOf(0);
                if (rank != 4)
                {
                    throw new UnsupportedGradientException(step.Node, "of other than pictures has no gradient rule");
                }

                long[] axes =
                [
                    .. (step.Node.Ints("axes") ?? [.. Enumerable.Range(0, rank).Select(axis => (long)axis)]).Select(axis =>
                        (long)GradientStep.Axis(axis, rank)
                    ),
                ];
                var g = step.G;
                foreach (var axis in axes)
                {
                    if (axis >= rank - 2)
                    {
                        g = Along(step, g, axis, Array.IndexOf(axes, axis), rank);
                    }
                }

                return g;
            }
        );

    /// <summary>Blocks of channels to blocks of pixels, back.</summary>
    public static void DepthToSpace(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                var block = step.Node.Int("blocksize");
                if ((step.Node.Text("mode") ?? "DCR") == "DCR")
                {
                    return step.Tape.Emit("SpaceToDepth", [step.G], ("blocksize", block));
                }

                var shape = step.In(0).Shape();
                var split = step.Tape.Concat(
                    0,
                    shape.Slice(0, 0, 1),
                    step.Tape.List([-1]),
                    shape.Slice(0, 2, 3),
                    step.Tape.List([block]),
                    shape.Slice(0, 3, 4),
                    step.Tape.List([block])
                );
                return step.G.Reshape(split).Transpose(0, 1, 3, 5, 2, 4).ReshapeLike(step.In(0));
            }
        );

    /// <summary>Blocks of pixels to blocks of channels, back.</summary>
    public static void SpaceToDepth(GradientStep step) =>
        step.Give(0, () => step.Tape.Emit("DepthToSpace", [step.G], ("blocksize", step.Node.Int("blocksize")), ("mode", "DCR")));

    private static Value Along(GradientStep step, Value g, long axis, int place, int rank)
    {
        var (tape, x) = (step.Tape, step.In(0));
        if (x.Info.Dims?[axis] is { IsUnknown: false } before && before == step.Y.Info.Dims?[axis])
        {
            return g;
        }

        var size = x.Size(axis);
        var square = tape.Emit("ConstantOfShape", [tape.Concat(0, size, size)], []).Cast(x.Type);
        var one = tape.List([1]);
        var units = tape.Emit("EyeLike", square).Reshape(tape.Concat(0, size, one, size, one));
        (string, object)[] kept = [.. Attributes(step).Where(attribute => attribute.Item1 != "axes")];
        Value?[] inputs = step.Node.Input(3) is not null
            ? [units, null, null, tape.Concat(0, size, one, step.In(3).Slice(0, place, place + 1), one)]
            :
            [
                units,
                null,
                tape.Concat(0, tape.Constant<float>([1, 1], 2), step.In(2).Slice(0, place, place + 1), tape.Constant<float>([1], 1)),
            ];
        // [before × after]: what each element before becomes.
        var matrix = tape.Emit("Resize", inputs, kept).Reshape(tape.Concat(0, size, tape.List([-1])));
        return axis == rank - 1 ? g.MatMul(matrix.Transpose(1, 0)) : matrix.MatMul(g);
    }

    /// <summary>Every channel of every picture as a picture of its own.</summary>
    private static Value Channels(Value value) =>
        value.Reshape(value.Tape.Concat(0, value.Tape.List([-1, 1]), value.Shape().Slice(0, 2, value.Rank!.Value)));

    private static (string, object)[] Attributes(GradientStep step) => [.. step.Node.Attributes.Select(pair => (pair.Key, pair.Value))];
}
