using ExplainService.Graph.Building;

namespace ExplainService.Graph.Gradients;

/// <summary>Operators over [batch, channels, …]: convolutions along a sequence and the normalisations that go with them.</summary>
internal static class ChannelRules
{
    /// <summary>Each channel of each row is normalised; with <paramref name="held"/> its deviation is a constant.</summary>
    public static void InstanceNormalization(GradientStep step, bool held = false) =>
        step.Give(
            0,
            () =>
            {
                var rank = step.RankOf(0);
                var axes = Enumerable.Range(2, rank - 2).Select(axis => (long)axis).ToArray();
                return Normalised(step, step.In(0), step.G * PerChannel(step.In(1), rank), axes, held);
            }
        );

    /// <summary>Groups of channels are normalised together; scales are per channel, before opset 21 per group.</summary>
    public static void GroupNormalization(GradientStep step, bool held = false) =>
        step.Give(
            0,
            () =>
            {
                var groups = step.Node.Int("num_groups");
                var perGroup = step.Tape.Graph.Opset < 21;
                var grouped = step.In(0).Reshape(0, groups, -1);
                var g = perGroup
                    ? step.G.ReshapeLike(grouped) * PerChannel(step.In(1), 3)
                    : (step.G * PerChannel(step.In(1), step.RankOf(0))).ReshapeLike(grouped);
                return Normalised(step, grouped, g, [2], held).ReshapeLike(step.In(0));
            }
        );

    /// <summary>At inference an affine map with stored mean and variance.</summary>
    public static void BatchNormalization(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                if (step.Node.Int("training_mode") != 0)
                {
                    throw new UnsupportedGradientException(step.Node, "in training mode has no gradient rule");
                }

                var slope = step.In(1) / (step.In(4) + step.Node.Float("epsilon", 1e-5f)).Sqrt();
                return step.G * PerChannel(slope, step.RankOf(0));
            }
        );

    /// <summary>y = x/‖x‖: (g − s Σ g y)/‖x‖, with s = y for p = 2 and the sign of x for p = 1; with <paramref name="held"/> g/‖x‖.</summary>
    public static void LpNormalization(GradientStep step, bool held = false) =>
        step.Give(
            0,
            () =>
            {
                var (x, p) = (step.In(0), step.Node.Int("p", 2));
                long[] axes = [step.Node.Int("axis", -1)];
                var norm = step.Tape.EmitAxes(p == 1 ? "ReduceL1" : "ReduceL2", x, axes, ("keepdims", 1L));
                var along = p == 1 ? step.Tape.Emit("Sign", x) : step.Y;
                return (held ? step.G : step.G - along * (step.G * step.Y).ReduceSum(axes)) / norm;
            }
        );

    /// <summary>The transposed convolution.</summary>
    public static void Conv(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                if ((step.Node.Text("auto_pad") ?? "NOTSET") is not ("NOTSET" or "VALID"))
                {
                    throw new UnsupportedGradientException(step.Node, "with automatic padding has no gradient rule");
                }

                (string, object)[] kept =
                [
                    .. step.Node.Attributes.Where(pair => pair.Key is not "auto_pad").Select(pair => (pair.Key, pair.Value)),
                ];
                return Transposed(step, step.G, step.In(1), step.In(0), kept);
            }
        );

    /// <summary>
    /// The transposed convolution. Strides may leave elements over at the end, behind the last window or in its padding: with padding at the
    /// end the operator would cut off what that window gives them. So nothing is cut there, and what is missing or too much is mended after.
    /// </summary>
    /// <param name="step">For the strides.</param>
    /// <param name="g">The gradient of the output.</param>
    /// <param name="weights">The convolution's.</param>
    /// <param name="like">What has the size that is wanted.</param>
    /// <param name="attributes">The convolution's.</param>
    internal static Value Transposed(GradientStep step, Value g, Value weights, Value like, (string Name, object Value)[] attributes)
    {
        if ((step.Node.Ints("strides") ?? [1]).All(stride => stride == 1))
        {
            return step.Tape.Emit("ConvTranspose", [g, weights], attributes);
        }

        (string, object)[] open = [.. attributes.Select(one => one.Name == "pads" ? (one.Name, OpenAtEnd((long[])one.Value)) : one)];
        var back = step.Tape.Emit("ConvTranspose", [g, weights], open);
        var missing = like.Shape() - back.Shape();
        return step.Tape.Emit("Pad", back, step.Tape.Concat(0, missing - missing, missing));

        static object OpenAtEnd(long[] pads) => (long[])[.. pads.Take(pads.Length / 2), .. Enumerable.Repeat(0L, pads.Length / 2)];
    }

    private static Value Normalised(GradientStep step, Value x, Value h, long[] axes, bool held)
    {
        var centred = x - x.ReduceMean(axes);
        var inverse = ((centred * centred).ReduceMean(axes) + step.Node.Float("epsilon", 1e-5f)).Sqrt().Reciprocal();
        var normalised = centred * inverse;
        var inner = h - h.ReduceMean(axes);
        return (held ? inner : inner - (normalised * (h * normalised).ReduceMean(axes))) * inverse;
    }

    private static Value PerChannel(Value values, int rank) => values.Reshape([1, -1, .. Enumerable.Repeat(1L, rank - 2)]);
}
