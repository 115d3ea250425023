using ExplainService.Graph.Building;

namespace ExplainService.Graph.Forms;

/// <summary>f and ∂f/∂logits of a target, as a few nodes on the logits (methods.md, Objective and target).</summary>
internal static class ScoreHead
{
    /// <summary>f [batch] and its gradient with respect to the logits [batch, positions, classes].</summary>
    /// <param name="logits">[batch, positions, classes].</param>
    /// <param name="targets">Int64 [batch, positions]; −1 leaves a position out, −2 is the class with the largest logit there.</param>
    /// <param name="columnMask">Added to the logits before probabilities are formed; null: nothing.</param>
    /// <param name="options">Objective and link.</param>
    /// <param name="against">As <paramref name="targets"/>: classes whose logits or log-probabilities are taken off; null: none.</param>
    public static (Value Score, Value Gradient) Emit(
        Value logits,
        Value targets,
        Value? columnMask,
        GradientFormOptions options,
        Value? against = null
    )
    {
        var visible = columnMask is null ? logits : logits + columnMask;
        var (hot, counts) = Hot(visible, targets);
        if (against is not null)
        {
            var (other, others) = Hot(visible, against);
            (hot, counts) = (hot - other, counts - others);
        }

        if (options.Objective == FormObjective.Logit || options.Link == FormLink.Identity)
        {
            return (Total(logits, hot), hot);
        }

        logits = visible;
        var (logs, slope) =
            options.Link == FormLink.Sigmoid
                ? (-logits.Tape.Emit("Softplus", -logits), hot * (-logits).Sigmoid())
                : LogSoftmax(logits, hot, counts);
        var score = Total(logs, hot);
        if (options.Objective == FormObjective.LogProbability)
        {
            return (score, slope);
        }

        var probability = score.Exp();
        return (probability, slope * probability.Unsqueeze(1, 2));
    }

    /// <summary>1 at each target's class, and how many targets a position has.</summary>
    private static (Value Hot, Value Counts) Hot(Value logits, Value targets)
    {
        var tape = logits.Tape;
        var counts = tape.Emit("Not", targets.EqualTo(tape.Scalar(-1, ElementType.Int64))).Cast(ElementType.Float).Unsqueeze(2);
        var largest = tape.Emit("ArgMax", [logits], ("axis", 2L), ("keepdims", 0L));
        var named = tape.Emit("Max", targets, tape.Scalar(0, ElementType.Int64));
        var columns = targets.EqualTo(tape.Scalar(-2, ElementType.Int64)).Where(largest, named);
        return (tape.Emit("OneHot", [columns, logits.Size(2), tape.Constant<float>([0, 1], 2)], ("axis", -1L)) * counts, counts);
    }

    private static (Value Logs, Value Slope) LogSoftmax(Value logits, Value hot, Value counts)
    {
        var logs = logits.Tape.Emit("LogSoftmax", [logits], ("axis", -1L));
        return (logs, hot - (logs.Exp() * counts));
    }

    // Chosen rather than multiplied by 0 and 1: a class that the model rules out has a logit of −∞, and 0 · −∞ is no number.
    private static Value Total(Value values, Value hot)
    {
        var tape = values.Tape;
        var nothing = tape.Scalar(0, ElementType.Float);
        return hot.EqualTo(nothing).Where(nothing, values * hot).ReduceSum([1, 2], keepdims: false);
    }
}
