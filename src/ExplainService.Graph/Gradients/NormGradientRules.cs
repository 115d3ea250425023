using ExplainService.Graph.Building;
using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Gradients;

/// <summary>
/// Softmax and layer normalisation, by their fused formulas. Opsets before 13 are raised before (<see cref="Rewrites.RaiseOpset"/>).
/// </summary>
internal static class NormGradientRules
{
    /// <summary>y ⊙ (g − Σ g ⊙ y).</summary>
    public static void Softmax(GradientStep step) =>
        step.Give(
            0,
            () =>
            {
                var axis = step.Node.Int("axis", -1);
                var weighted = step.G * step.Y;
                return weighted - (step.Y * weighted.ReduceSum([axis]));
            }
        );

    /// <summary>g − exp(y) Σ g.</summary>
    public static void LogSoftmax(GradientStep step) =>
        step.Give(0, () => step.G - (step.Y.Exp() * step.G.ReduceSum([step.Node.Int("axis", -1)])));

    /// <summary>
    /// With x̂ the normalised input and h = g ⊙ scale: (h − mean h − x̂ ⊙ mean(h ⊙ x̂)) / σ. Mean and 1/σ are the forward operator's own
    /// second and third outputs; where they are read themselves, they add their share: 1/n and −x̂/(nσ²).
    /// </summary>
    /// <param name="step">The step.</param>
    /// <param name="held">σ is a constant: (h − mean h) / σ.</param>
    public static void LayerNormalization(GradientStep step, bool held = false)
    {
        var axes = NormalisedAxes(step);
        var inverse = Saved(step, 2, axes);
        Value Normalised() => (step.In(0).Cast(inverse.Type) - Saved(step, 1, axes)) * inverse;
        var normalised = held ? null : Normalised();
        step.Give(
            0,
            () =>
            {
                Value? inner = null;
                if (step.Gradient(0) is { } g)
                {
                    var h = (g * step.In(1)).Cast(inverse.Type);
                    var centred = h - h.ReduceMean(axes);
                    inner = normalised is null ? centred : centred - (normalised * (h * normalised).ReduceMean(axes));
                }

                if (normalised is not null && step.Gradient(2) is { } ofInverse)
                {
                    var share = -(normalised * (ofInverse * inverse) / Count(step, axes));
                    inner = inner is null ? share : inner + share;
                }

                var total = inner is null ? null : inner * inverse;
                if (step.Gradient(1) is { } ofMean)
                {
                    var share = (ofMean / Count(step, axes)).Expand(step.In(0).Shape());
                    total = total is null ? share : total + share;
                }

                return (total ?? step.In(0) * 0).Cast(step.In(0).Type);
            }
        );
        if (step.Gradient(0) is null)
        {
            return;
        }

        step.GiveSummed(1, () => step.G * (normalised ?? Normalised()).Cast(step.G.Type));
        step.GiveSummed(2, () => step.G);
    }

    /// <summary>y = x r scale with r = 1/√(mean x² + ε): r (h − x̂ ⊙ mean(h ⊙ x̂)), h = g ⊙ scale, x̂ = x r.</summary>
    /// <param name="step">The step.</param>
    /// <param name="held">r is a constant: r h.</param>
    public static void RootMeanSquare(GradientStep step, bool held = false)
    {
        var axes = NormalisedAxes(step);
        var x = step.In(0);
        var r = ((x * x).ReduceMean(axes) + step.Node.Float("epsilon", 1e-5f)).Sqrt().Reciprocal();
        var normalised = x * r;
        step.Give(
            0,
            () =>
            {
                var h = step.G * step.In(1);
                return (held ? h : h - (normalised * (h * normalised).ReduceMean(axes))) * r;
            }
        );
        step.GiveSummed(1, () => step.G * normalised);
    }

    /// <summary>How many elements are normalised together.</summary>
    private static Value Count(GradientStep step, long[] axes) =>
        step.Tape.Emit("ReduceProd", [step.In(0).Shape().Gather(step.Tape.List(axes))], ("keepdims", 0L)).Cast(ElementType.Float);

    private static long[] NormalisedAxes(GradientStep step)
    {
        var rank = step.RankOf(0);
        var first = GradientStep.Axis(step.Node.Int("axis", -1), rank);
        return [.. Enumerable.Range(first, rank - first).Select(axis => (long)axis)];
    }

    /// <summary>
    /// An optional output of the forward operator, asked for where it was left out; mean and 1/σ keep the reduced axes as 1.
    /// </summary>
    private static Value Saved(GradientStep step, int output, long[] axes)
    {
        var node = step.Node;
        while (node.Outputs.Count <= output)
        {
            node.Outputs.Add("");
        }

        if (node.Outputs[output].Length == 0)
        {
            node.Outputs[output] = step.Tape.Graph.Unique(node.Output + (output == 1 ? "_mean" : "_inverse"));
            var dims = step.In(0).Info.Dims?.Select((dim, axis) => axes.Contains(axis) ? 1 : dim).ToArray();
            step.Tape.Shapes.Set(
                node.Outputs[output],
                new TensorInfo(step.In(0).Type == ElementType.Double ? ElementType.Double : ElementType.Float, dims)
            );
        }

        return step.Tape[node.Outputs[output]];
    }
}
