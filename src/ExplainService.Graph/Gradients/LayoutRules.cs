using ExplainService.Graph.Building;

namespace ExplainService.Graph.Gradients;

/// <summary>Operators that move, cut and join.</summary>
internal static class LayoutRules
{
    /// <summary>Back to the input's shape: with known numbers and kept sizes where they suffice, else with the shape of the run.</summary>
    public static void Reshape(GradientStep step) => step.Give(0, () => Like(step.G, step.In(0)));

    public static void Transpose(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                var rank = step.RankOf(0);
                var perm = step.Node.Ints("perm") ?? [.. Enumerable.Range(0, rank).Select(axis => (long)(rank - 1 - axis))];
                var inverse = new long[rank];
                for (var axis = 0; axis < rank; axis++)
                {
                    inverse[perm[axis]] = axis;
                }

                return step.G.Transpose(inverse);
            }
        );

    /// <summary>[r₁d₁, r₂d₂, …] seen as [r₁, d₁, r₂, d₂, …] and summed over the repeats.</summary>
    public static void Tile(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                var rank = step.RankOf(0);
                var repeats = step.In(1);
                var shape = step.In(0).Shape();
                var pairs = step.Tape.Concat(1, repeats.Unsqueeze(1), shape.Unsqueeze(1)).Reshape(-1);
                return step.G.Reshape(pairs).ReduceSum([.. Enumerable.Range(0, rank).Select(axis => 2L * axis)], keepdims: false);
            }
        );

    public static void Concat(GradientStep step)
    {
        var axis = GradientStep.Axis(step.Node.Int("axis"), step.G.Rank ?? step.RankOf(0));
        var parts = Enumerable.Range(0, step.Node.Inputs.Count).Select(step.In).ToArray();
        if (Array.TrueForAll(parts, part => part.Info.Dims?[axis].Value is not null))
        {
            var start = 0L;
            for (var i = 0; i < parts.Length; i++)
            {
                var (from, to) = (start, start + parts[i].Info.Dims![axis].Value!.Value);
                step.Give(i, () => step.G.Slice(axis, from, to));
                start = to;
            }

            return;
        }

        Value begin = step.Tape.List([0]);
        for (var i = 0; i < parts.Length; i++)
        {
            var (from, to) = (begin, begin + parts[i].Size(axis));
            step.Give(i, () => step.G.Slice(axis, from, to));
            begin = to;
        }
    }

    /// <summary>Parts that nothing reads contribute zeros.</summary>
    public static void Split(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                var outputs = step.Node.Outputs;
                for (var i = 0; i < outputs.Count; i++)
                {
                    if (outputs[i].Length > 0)
                    {
                        continue;
                    }

                    outputs[i] = step.Tape.Graph.Unique("split");
                    step.Tape.Shapes.Infer(step.Node);
                }

                return step.Tape.Concat(
                    step.Node.Int("axis"),
                    [.. outputs.Select((name, i) => step.Gradient(i) ?? Zeros(step.Tape[name]))]
                );
            }
        );

    /// <summary>Zeros everywhere but where the slice was cut: padding for steps of 1, an indexed sum otherwise.</summary>
    public static void Slice(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                var x = step.In(0);
                var rank = step.RankOf(0);
                var steps =
                    step.List("steps", 4)
                    ?? (
                        step.Node.Input(4) is null
                            ? null
                            : throw new UnsupportedGradientException(step.Node, "has steps that only a run computes")
                    );
                var gradient = step.G;
                if (steps is null || steps.All(size => size == 1))
                {
                    return PadBack(step, x, rank, gradient);
                }

                var indices = step
                    .Tape.Emit(
                        "Range",
                        step.Tape.Scalar(0, ElementType.Int64),
                        step.Tape.Emit("ReduceProd", [x.Shape()], ("keepdims", 0L)),
                        step.Tape.Scalar(1, ElementType.Int64)
                    )
                    .Reshape(x.Shape());
                var picked = step.Tape.Emit("Slice", [indices, .. Enumerable.Range(1, step.Node.Inputs.Count - 1).Select(step.In)]);
                return ScatterFlat(x, picked, gradient);
            }
        );

    public static void Pad(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                var mode = step.Node.Text("mode") ?? "constant";
                if (mode != "constant")
                {
                    throw new UnsupportedGradientException(step.Node, $"with mode '{mode}' has no gradient rule");
                }

                if (step.Node.Input(3) is not null && step.List("axes", 3) is null)
                {
                    throw new UnsupportedGradientException(step.Node, "has axes that only a run computes");
                }

                var rank = step.RankOf(0);
                long[] axes =
                [
                    .. (step.List("axes", 3) ?? [.. Enumerable.Range(0, rank).Select(axis => (long)axis)]).Select(axis =>
                        (long)GradientStep.Axis(axis, rank)
                    ),
                ];
                var pads = (step.Node.Ints("pads") is { } list ? step.Tape.List(list) : step.In(1)).Slice(0, 0, axes.Length);
                // Negative pads cut: what was cut gets zeros, so the sizes decide, not the slice alone.
                var before = step.Tape.Constant<long>(new long[rank], rank);
                var starts = step.Tape.Emit("ScatterElements", before, step.Tape.List(axes), pads);
                var ends = step.G.Shape() - starts - step.In(0).Shape();
                return step.Tape.Emit("Pad", step.G, step.Tape.Concat(0, -starts, -ends));
            }
        );

    public static void Trilu(GradientStep step) =>
        step.Give(
            0,
            () =>
                step.Node.Input(1) is null
                    ? step.Tape.Emit("Trilu", [step.G], ("upper", step.Node.Int("upper", 1)))
                    : step.Tape.Emit("Trilu", [step.G, step.In(1)], ("upper", step.Node.Int("upper", 1)))
        );

    /// <summary>Zeros in the shape of a value.</summary>
    public static Value Zeros(Value value) => value.Tape.Scalar(0, value.Type).Expand(value.Shape());

    /// <summary>A gradient in the shape of a value that has as many elements.</summary>
    public static Value Like(Value gradient, Value value)
    {
        var (own, wanted) = (gradient.Info.Dims, value.Info.Dims);
        if (wanted is null)
        {
            return gradient.ReshapeLike(value);
        }

        var shape = new long[wanted.Length];
        var open = 0;
        for (var axis = 0; axis < shape.Length; axis++)
        {
            var dim = wanted[axis];
            var kept = own is not null && axis < own.Length && own[axis] == dim && !dim.IsUnknown;
            shape[axis] = dim.Value ?? (kept ? 0 : -1);
            open += shape[axis] == -1 ? 1 : 0;
        }

        return open <= 1 ? gradient.Reshape(shape) : gradient.ReshapeLike(value);
    }

    /// <summary>Adds gradients into zeros of x's shape at flat positions.</summary>
    public static Value ScatterFlat(Value x, Value positions, Value gradient)
    {
        var tape = x.Tape;
        var zeros = tape.Emit("Expand", tape.Scalar(0, gradient.Type), tape.Emit("ReduceProd", [x.Shape()], ("keepdims", 1L)));
        var sum = tape.Emit("ScatterND", [zeros, positions.Reshape(-1, 1), gradient.Reshape(-1)], ("reduction", "add"));
        return sum.ReshapeLike(x);
    }

    private static Value PadBack(GradientStep step, Value x, int rank, Value gradient)
    {
        var tape = step.Tape;
        var starts = step.List("starts", 1);
        var axes =
            step.List("axes", 3)
            ?? (step.Node.Input(3) is null ? null : throw new UnsupportedGradientException(step.Node, "has axes that only a run computes"));
        var dynamicStarts = starts is null ? step.In(1) : null;
        var count = starts?.Length ?? (int)(dynamicStarts!.Info.Dims?[0].Value ?? axes?.Length ?? rank);
        axes ??= [.. Enumerable.Range(0, count).Select(axis => (long)axis)];
        var before = new Value[rank];
        for (var axis = 0; axis < rank; axis++)
        {
            before[axis] = tape.List([0]);
        }

        for (var i = 0; i < count; i++)
        {
            var axis = GradientStep.Axis(axes[i], rank);
            if (starts is not null)
            {
                before[axis] =
                    starts[i] >= 0 ? tape.List([starts[i]]) : tape.Emit("Max", x.Size(axis) + tape.List([starts[i]]), tape.List([0]));
            }
            else
            {
                var start = dynamicStarts!.Slice(0, i, i + 1).Cast(ElementType.Int64);
                var size = x.Size(axis);
                var positive = tape.Emit("Less", start, tape.List([0])).Where(start + size, start);
                before[axis] = tape.Emit("Min", tape.Emit("Max", positive, tape.List([0])), size);
            }
        }

        var left = tape.Concat(0, before);
        var pads = tape.Concat(0, left, x.Shape() - gradient.Shape() - left);
        return tape.Emit("Pad", gradient, pads);
    }
}
