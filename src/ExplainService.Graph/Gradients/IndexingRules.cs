using ExplainService.Graph.Building;

namespace ExplainService.Graph.Gradients;

/// <summary>Picking and putting: what was picked several times gets the sum.</summary>
internal static class IndexingRules
{
    public static void Gather(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                var x = step.In(0);
                var rank = step.RankOf(0);
                var axis = GradientStep.Axis(step.Node.Int("axis"), rank);
                var indices = step.In(1);
                if (indices.Info.Numbers is [var only] && indices.Rank is 0 or 1)
                {
                    return OneSlice(step, x, rank, axis, indices, only);
                }

                var picked = step.Tape.Emit("Gather", [Positions(x), indices], ("axis", (long)axis));
                return LayoutRules.ScatterFlat(x, picked, step.G);
            }
        );

    public static void GatherND(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                var picked = step.Tape.Emit("GatherND", [Positions(step.In(0)), step.In(1)], ("batch_dims", step.Node.Int("batch_dims")));
                return LayoutRules.ScatterFlat(step.In(0), picked, step.G);
            }
        );

    public static void GatherElements(GradientStep step) =>
        step.Give(
            0,
            () => Scatter(step, "ScatterElements", LayoutRules.Zeros(step.In(0)), step.In(1), step.G, "add", step.Node.Int("axis"))
        );

    /// <summary>The values go back to where they were taken; the second output says where.</summary>
    public static void TopK(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                var node = step.Node;
                if (node.Outputs[1].Length == 0)
                {
                    node.Outputs[1] = step.Tape.Graph.Unique(node.Output + "_indices");
                    step.Tape.Shapes.Set(node.Outputs[1], step.Y.Info with { Type = ElementType.Int64 });
                }

                return Scatter(
                    step,
                    "ScatterElements",
                    LayoutRules.Zeros(step.In(0)),
                    step.Tape[node.Outputs[1]],
                    step.G,
                    "add",
                    node.Int("axis", -1)
                );
            }
        );

    public static void ScatterND(GradientStep step) => Put(step, "ScatterND", value => step.Tape.Emit("GatherND", value, step.In(1)));

    public static void ScatterElements(GradientStep step) =>
        Put(step, "ScatterElements", value => step.Tape.Emit("GatherElements", [value, step.In(1)], ("axis", step.Node.Int("axis"))));

    /// <summary>What was written over gets nothing; sums, products and extremes share with what was there.</summary>
    private static void Put(GradientStep step, string op, Func<Value, Value> gather)
    {
        var (axis, reduction) = (step.Node.Int("axis"), step.Node.Text("reduction") ?? "none");
        switch (reduction)
        {
            case "none":
                step.Give(0, () => Scatter(step, op, step.G, step.In(1), LayoutRules.Zeros(step.In(2)), "none", axis));
                step.Give(2, () => gather(step.G));
                break;
            case "add":
                step.Give(0, () => step.G);
                step.Give(2, () => gather(step.G));
                break;
            case "mul":
                step.Give(0, () => step.G * Scatter(step, op, LayoutRules.Zeros(step.In(0)) + 1, step.In(1), step.In(2), "mul", axis));
                step.Give(2, () => gather(step.G * step.Y) / step.In(2));
                break;
            default:
                var old = step.In(0).EqualTo(step.Y).Cast(step.G.Type);
                var put = step.In(2).EqualTo(gather(step.Y)).Cast(step.G.Type);
                var share = step.G / Scatter(step, op, old, step.In(1), put, "add", axis);
                step.Give(0, () => share * old);
                step.Give(2, () => gather(share) * put);
                break;
        }
    }

    private static Value Scatter(GradientStep step, string op, Value into, Value indices, Value updates, string reduction, long axis) =>
        op == "ScatterND"
            ? step.Tape.Emit(op, [into, indices, updates], ("reduction", reduction))
            : step.Tape.Emit(op, [into, indices, updates], ("axis", axis), ("reduction", reduction));

    /// <summary>0, 1, 2, … in the shape of x: where each element stands.</summary>
    private static Value Positions(Value x)
    {
        var tape = x.Tape;
        var count = tape.Emit("ReduceProd", [x.Shape()], ("keepdims", 0L));
        return tape.Emit("Range", tape.Scalar(0, ElementType.Int64), count, tape.Scalar(1, ElementType.Int64)).Reshape(x.Shape());
    }

    /// <summary>One fixed index: zeros before and after.</summary>
    private static Value OneSlice(GradientStep step, Value x, int rank, int axis, Value indices, long index)
    {
        var tape = step.Tape;
        var gradient = indices.Rank == 0 ? step.G.Unsqueeze(axis) : step.G;
        var (before, after) =
            index >= 0
                ? (tape.List([index]), x.Size(axis) - tape.List([index + 1]))
                : (x.Size(axis) + tape.List([index]), tape.List([-1 - index]));
        Value[] Around(Value here) => [.. Enumerable.Range(0, rank).Select(i => i == axis ? here : tape.List([0]))];
        return tape.Emit("Pad", gradient, tape.Concat(0, [.. Around(before), .. Around(after)]));
    }
}
