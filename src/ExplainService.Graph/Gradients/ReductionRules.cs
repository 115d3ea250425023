namespace ExplainService.Graph.Gradients;

/// <summary>Reductions: the gradient is spread over what was reduced.</summary>
internal static class ReductionRules
{
    public static void Sum(GradientStep step) => step.Give(0, () => Restore(step, step.G).Expand(step.In(0).Shape()));

    public static void Mean(GradientStep step) => step.Give(0, () =>
    {
        var x = step.In(0);
        var axes = Axes(step);
        var dims = x.Fact.Dims;
        var spread = Restore(step, step.G);
        if (dims is not null && axes.All(axis => dims[axis].Value is not null))
        {
            spread *= 1.0 / axes.Aggregate(1L, (count, axis) => count * dims[axis].Value!.Value);
        }
        else
        {
            var sizes = x.Shape().Gather(x.Tape.List(axes)).Cast(x.Type);
            spread /= x.Tape.Emit("ReduceProd", [sizes], ("keepdims", 0L));
        }

        return spread.Expand(x.Shape());
    });

    /// <summary>To the entries that are the extreme, in equal parts.</summary>
    public static void Extreme(GradientStep step) => step.Give(0, () =>
    {
        var hit = step.In(0).EqualTo(Restore(step, step.Y)).Cast(step.G.Type);
        return Restore(step, step.G) * hit / hit.ReduceSum(Axes(step));
    });

    /// <summary>d ‖x‖ = x / ‖x‖.</summary>
    public static void EuclideanNorm(GradientStep step) =>
        step.Give(0, () => step.In(0) * Restore(step, step.G) / Restore(step, step.Y));

    /// <summary>A cumulative sum in the other direction.</summary>
    public static void CumSum(GradientStep step) => step.Give(0, () => step.Tape.Emit(
        "CumSum", [step.G, step.In(1)], ("reverse", 1 - step.Node.Int("reverse")), ("exclusive", step.Node.Int("exclusive"))));

    /// <summary>Puts reduced axes back as 1.</summary>
    private static Value Restore(GradientStep step, Value reduced) =>
        step.Node.Int("keepdims", 1) == 1 ? reduced : reduced.Unsqueeze(Axes(step));

    private static long[] Axes(GradientStep step)
    {
        var rank = step.RankOf(0);
        var given = step.Node.Ints("axes") is not null || step.Node.Input(1) is not null;
        var axes = given
            ? step.List("axes", 1) ?? throw new UnsupportedGradientException(step.Node, "has axes that only a run computes")
            : [.. Enumerable.Range(0, rank).Select(axis => (long)axis)];
        return [.. axes.Select(axis => (long)GradientStep.Axis(axis, rank)).Order()];
    }
}
