using ExplainService.Graph.Building;

namespace ExplainService.Graph.Gradients;

/// <summary>Reductions: the gradient is spread over what was reduced.</summary>
internal static class ReductionRules
{
    public static void Sum(GradientStep step) => step.Give(0, () => Restore(step, step.G).Expand(step.In(0).Shape()));

    public static void Mean(GradientStep step) => step.Give(0, () => Spread(step, Restore(step, step.G), Axes(step)));

    /// <summary>The mean over everything behind the channels.</summary>
    public static void GlobalAverage(GradientStep step) => step.Give(0, () => Spread(step, step.G, BehindChannels(step)));

    /// <summary>To the entries that are the extreme, in equal parts.</summary>
    public static void Extreme(GradientStep step) =>
        step.Give(0, () => Hit(step, Restore(step, step.Y), Restore(step, step.G), Axes(step)));

    /// <summary>The same over everything behind the channels.</summary>
    public static void GlobalMax(GradientStep step) => step.Give(0, () => Hit(step, step.Y, step.G, BehindChannels(step)));

    /// <summary>d ‖x‖ = x / ‖x‖, and 0 where all is 0.</summary>
    public static void EuclideanNorm(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                var norm = Restore(step, step.Y);
                var (zero, one) = (step.Tape.Scalar(0, norm.Type), step.Tape.Scalar(1, norm.Type));
                return step.In(0) * Restore(step, step.G) / norm.EqualTo(zero).Where(one, norm);
            }
        );

    public static void AbsoluteSum(GradientStep step) => step.Give(0, () => Restore(step, step.G) * step.Tape.Emit("Sign", step.In(0)));

    public static void SumOfSquares(GradientStep step) => step.Give(0, () => Restore(step, step.G) * step.In(0) * 2);

    /// <summary>d log Σx = 1 / Σx = exp(−y).</summary>
    public static void LogSum(GradientStep step) =>
        step.Give(0, () => (Restore(step, step.G) * (-Restore(step, step.Y)).Exp()).Expand(step.In(0).Shape()));

    /// <summary>d log Σeˣ = softmax(x).</summary>
    public static void LogSumExp(GradientStep step) =>
        step.Give(0, () => Restore(step, step.G) * (step.In(0) - Restore(step, step.Y)).Exp());

    /// <summary>The product of the others, which a single zero leaves to that zero alone.</summary>
    public static void Product(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                var x = step.In(0);
                var axes = Axes(step);
                var (zero, one) = (step.Tape.Scalar(0, x.Type), step.Tape.Scalar(1, x.Type));
                var isZero = x.EqualTo(zero);
                var safe = isZero.Where(one, x);
                var product = step.Tape.EmitAxes("ReduceProd", safe, axes, ("keepdims", 1L));
                var zeros = isZero.Cast(x.Type);
                var alone = zeros.ReduceSum(axes).EqualTo(zeros).Cast(x.Type);
                return Restore(step, step.G) * (product / safe) * alone;
            }
        );

    /// <summary>A cumulative sum in the other direction.</summary>
    public static void CumSum(GradientStep step) =>
        step.Give(
            0,
            () =>
                step.Tape.Emit(
                    "CumSum",
                    [step.G, step.In(1)],
                    ("reverse", 1 - step.Node.Int("reverse")),
                    ("exclusive", step.Node.Int("exclusive"))
                )
        );

    private static Value Hit(GradientStep step, Value extreme, Value gradient, long[] axes)
    {
        var hit = step.In(0).EqualTo(extreme).Cast(gradient.Type);
        return gradient * hit / hit.ReduceSum(axes);
    }

    private static long[] BehindChannels(GradientStep step) => [.. Enumerable.Range(2, step.RankOf(0) - 2).Select(axis => (long)axis)];

    /// <summary>A gradient in equal parts over what was averaged.</summary>
    private static Value Spread(GradientStep step, Value gradient, long[] axes)
    {
        var x = step.In(0);
        var dims = x.Info.Dims;
        if (dims is not null && Array.TrueForAll(axes, axis => dims[axis].Value is > 0))
        {
            gradient *= 1.0 / axes.Aggregate(1L, (count, axis) => count * dims[axis].Value!.Value);
        }
        else
        {
            var sizes = x.Shape().Gather(x.Tape.List(axes)).Cast(x.Type);
            gradient /= x.Tape.Emit("ReduceProd", [sizes], ("keepdims", 0L));
        }

        return gradient.Expand(x.Shape());
    }

    /// <summary>Puts reduced axes back as 1.</summary>
    private static Value Restore(GradientStep step, Value reduced) =>
        step.Node.Int("keepdims", 1) == 1 || Axes(step) is not { Length: > 0 } axes ? reduced : reduced.Unsqueeze(axes);

    private static long[] Axes(GradientStep step)
    {
        var rank = step.RankOf(0);
        var given = step.Node.Ints("axes") is not null || step.Node.Input(1) is not null;
        var axes = given
            ? step.List("axes", 1) ?? throw new UnsupportedGradientException(step.Node, "has axes that only a run computes")
            : [];
        // No axes: all of them, unless the operator says none.
        if (axes.Length == 0 && step.Node.Int("noop_with_empty_axes") == 0)
        {
            axes = [.. Enumerable.Range(0, rank).Select(axis => (long)axis)];
        }

        return [.. axes.Select(axis => (long)GradientStep.Axis(axis, rank)).Order()];
    }
}
