namespace ExplainService.Graph.Gradients;

/// <summary>Picking and putting: what was picked several times gets the sum.</summary>
internal static class IndexingRules
{
    public static void Gather(GradientStep step) => step.Give(0, () =>
    {
        var x = step.In(0);
        var rank = step.RankOf(0);
        var axis = GradientStep.Axis(step.Node.Int("axis"), rank);
        var indices = step.In(1);
        if (indices.Fact.Numbers is [var only] && only >= 0 && indices.Rank is 0 or 1 && x.Rank is not null)
        {
            return OneSlice(step, x, rank, axis, indices, indices.Fact.Numbers[0]);
        }

        var picked = step.Tape.Emit("Gather", [Positions(x), indices], ("axis", (long)axis));
        return ShapeRules.ScatterFlat(x, picked, step.G);
    });

    public static void GatherND(GradientStep step) => step.Give(0, () =>
    {
        var picked = step.Tape.Emit("GatherND", [Positions(step.In(0)), step.In(1)], ("batch_dims", step.Node.Int("batch_dims")));
        return ShapeRules.ScatterFlat(step.In(0), picked, step.G);
    });

    public static void GatherElements(GradientStep step) => step.Give(0, () =>
    {
        var x = step.In(0);
        var zeros = x.Tape.Emit("Expand", x.Tape.Scalar(0, x.Type), x.Shape());
        return x.Tape.Emit("ScatterElements", [zeros, step.In(1), step.G], ("axis", step.Node.Int("axis")), ("reduction", "add"));
    });

    public static void ScatterND(GradientStep step)
    {
        RefuseReduction(step);
        step.Give(0, () => step.Tape.Emit("ScatterND", step.G, step.In(1), step.In(2) * 0));
        step.Give(2, () => step.Tape.Emit("GatherND", step.G, step.In(1)));
    }

    public static void ScatterElements(GradientStep step)
    {
        RefuseReduction(step);
        step.Give(0, () => step.Tape.Emit("ScatterElements", [step.G, step.In(1), step.In(2) * 0], ("axis", step.Node.Int("axis"))));
        step.Give(2, () => step.Tape.Emit("GatherElements", [step.G, step.In(1)], ("axis", step.Node.Int("axis"))));
    }

    private static void RefuseReduction(GradientStep step)
    {
        if ((step.Node.Text("reduction") ?? "none") != "none")
        {
            throw new UnsupportedGradientException(step.Node, $"with reduction '{step.Node.Text("reduction")}' has no gradient rule");
        }
    }

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
        Value[] after = [.. Enumerable.Range(0, rank).Select(i => i == axis ? x.Size(axis) - tape.List([index + 1]) : tape.List([0]))];
        var before = new long[rank];
        before[axis] = index;
        return tape.Emit("Pad", gradient, tape.Concat(0, [tape.List(before), .. after]));
    }
}
