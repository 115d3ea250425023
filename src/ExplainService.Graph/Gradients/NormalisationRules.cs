namespace ExplainService.Graph.Gradients;

/// <summary>Softmax and layer normalisation, by their fused formulas.</summary>
internal static class NormalisationRules
{
    /// <summary>y ⊙ (g − Σ g ⊙ y).</summary>
    public static void Softmax(GradientStep step) => step.Give(0, () =>
    {
        var axis = SoftmaxAxis(step);
        var weighted = step.G * step.Y;
        return weighted - (step.Y * weighted.ReduceSum([axis]));
    });

    /// <summary>g − exp(y) Σ g.</summary>
    public static void LogSoftmax(GradientStep step) =>
        step.Give(0, () => step.G - (step.Y.Exp() * step.G.ReduceSum([SoftmaxAxis(step)])));

    /// <summary>
    /// With x̂ the normalised input and h = g ⊙ scale: (h − mean h − x̂ ⊙ mean(h ⊙ x̂)) / σ. Mean and 1/σ are the forward operator's own
    /// second and third outputs.
    /// </summary>
    public static void LayerNormalization(GradientStep step)
    {
        var x = step.In(0);
        var axes = NormalisedAxes(step);
        step.Give(0, () =>
        {
            var (mean, inverse) = (Saved(step, 1, axes), Saved(step, 2, axes));
            var normalised = (x - mean) * inverse;
            var h = step.G * step.In(1);
            return (h - h.ReduceMean(axes) - (normalised * (h * normalised).ReduceMean(axes))) * inverse;
        });
        step.GiveSummed(1, () => step.G * ((x - Saved(step, 1, axes)) * Saved(step, 2, axes)));
        step.GiveSummed(2, () => step.G);
    }

    /// <summary>y = x r scale with r = 1/√(mean x² + ε): r (h − x̂ ⊙ mean(h ⊙ x̂)), h = g ⊙ scale, x̂ = x r.</summary>
    public static void RootMeanSquare(GradientStep step) => step.Give(0, () =>
    {
        var axes = NormalisedAxes(step);
        var x = step.In(0);
        var r = ((x * x).ReduceMean(axes) + step.Node.Float("epsilon", 1e-5f)).Sqrt().Reciprocal();
        var normalised = x * r;
        var h = step.G * step.In(1);
        return (h - (normalised * (h * normalised).ReduceMean(axes))) * r;
    });

    private static long SoftmaxAxis(GradientStep step)
    {
        if (step.Tape.Graph.Opset >= 13) return step.Node.Int("axis", -1);
        var rank = step.RankOf(0);
        var axis = GradientStep.Axis(step.Node.Int("axis", 1), rank);
        return axis == rank - 1 ? axis : throw new UnsupportedGradientException(step.Node, "flattens several axes (before opset 13) and has no gradient rule");
    }

    private static long[] NormalisedAxes(GradientStep step)
    {
        var rank = step.RankOf(0);
        var first = GradientStep.Axis(step.Node.Int("axis", -1), rank);
        return [.. Enumerable.Range(first, rank - first).Select(axis => (long)axis)];
    }

    /// <summary>An optional output of the forward operator, asked for where it was left out; mean and 1/σ keep the reduced axes as 1.</summary>
    private static Value Saved(GradientStep step, int output, long[] axes)
    {
        var node = step.Node;
        while (node.Outputs.Count <= output) node.Outputs.Add("");
        if (node.Outputs[output].Length == 0)
        {
            node.Outputs[output] = step.Tape.Graph.Unique(node.Output + (output == 1 ? "_mean" : "_inverse"));
            var dims = step.In(0).Fact.Dims?.Select((dim, axis) => axes.Contains(axis) ? 1 : dim).ToArray();
            step.Tape.Shapes.Set(node.Outputs[output], new TensorFact(step.In(0).Type, dims));
        }

        return step.Tape[node.Outputs[output]];
    }
}
