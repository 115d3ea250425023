using ExplainService.Graph.Building;

namespace ExplainService.Graph.Rewrites.Decompose.Attention;

/// <summary>Rotary position embedding (Su et al. 2021): pairs of coordinates turned by an angle that grows with the position.</summary>
internal static class Rotation
{
    /// <summary>Turns the first 2r coordinates of heads.</summary>
    /// <param name="value">[batch, heads, sequence, size].</param>
    /// <param name="cos">[batch or 1, sequence, r].</param>
    /// <param name="sin">[batch or 1, sequence, r].</param>
    /// <param name="interleaved">Pairs are neighbours; else the two halves of the turned part.</param>
    /// <param name="turned">How many coordinates are turned, 2r; 0: all.</param>
    public static Value Apply(Value value, Value cos, Value sin, bool interleaved, long turned)
    {
        var tape = value.Tape;
        (cos, sin) = (cos.Unsqueeze(1), sin.Unsqueeze(1));
        var rest = turned > 0 && value.Info.Dims?[3].Value != turned ? value.Slice(3, turned, long.MaxValue) : null;
        var part = rest is null ? value : value.Slice(3, 0, turned);
        Value result;
        if (interleaved)
        {
            var pairs = part.Reshape(tape.Concat(0, part.Shape().Slice(0, 0, 3), tape.List([-1, 2])));
            var (first, second) = (pairs.Slice(4, 0, 1).Squeeze(4), pairs.Slice(4, 1, 2).Squeeze(4));
            var (left, right) = Turn(first, second, cos, sin);
            result = tape.Concat(4, left.Unsqueeze(4), right.Unsqueeze(4)).Reshape(part.Shape());
        }
        else
        {
            var half = tape.Emit("Div", part.Size(3), tape.List([2]));
            var (left, right) = Turn(part.Slice(3, tape.List([0]), half), part.Slice(3, half, part.Size(3)), cos, sin);
            result = tape.Concat(3, left, right);
        }

        return rest is null ? result : tape.Concat(3, result, rest);
    }

    private static (Value Left, Value Right) Turn(Value first, Value second, Value cos, Value sin) =>
        ((first * cos) - (second * sin), (first * sin) + (second * cos));
}
