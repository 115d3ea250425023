using ExplainService.Graph.Building;

namespace ExplainService.Graph.Gradients;

/// <summary>Undoes broadcasting, in this one place: the gradient of a value that was repeated is the sum over its copies.</summary>
internal static class Broadcasting
{
    /// <summary>Sums a gradient over the axes along which <paramref name="input"/> was broadcast.</summary>
    public static Value Undo(Value gradient, Value input)
    {
        if (gradient.Info.Dims is not { } from || input.Info.Dims is not { } to)
        {
            return AtRunTime(gradient, input);
        }

        var extra = from.Length - to.Length;
        if (extra < 0)
        {
            return AtRunTime(gradient, input);
        }

        var axes = new List<long>();
        for (var axis = 0; axis < to.Length; axis++)
        {
            var (wide, own) = (from[axis + extra], to[axis]);
            if (wide == own && !own.IsUnknown)
            {
                continue;
            }

            if (own.Value == 1)
            {
                axes.Add(axis + extra);
            }
            else if (own.Value is null && wide.Value != 1 && !MayBeOne(own))
            {
                continue;
            }
            else if (own.Value is null)
            {
                return AtRunTime(gradient, input);
            }
        }

        if (axes.Count > 0)
        {
            gradient = gradient.ReduceSum([.. axes]);
        }

        return extra == 0 ? gradient : gradient.ReduceSum([.. Enumerable.Range(0, extra).Select(axis => (long)axis)], keepdims: false);
    }

    // Exporters fix a size that they broadcast to the number 1; a named one may be 1 in a run, but then so is what it was combined with.
    private static bool MayBeOne(Dim dim) => dim.IsUnknown;

    /// <summary>The same where sizes are only known in a run: sum over axes where the input has 1 and the gradient has not.</summary>
    private static Value AtRunTime(Value gradient, Value input)
    {
        var tape = gradient.Tape;
        if (gradient.Rank is not { } wide || input.Rank is not { } own || wide < own)
        {
            throw new NotSupportedException($"the ranks of '{gradient.Name}' and '{input.Name}' are not known");
        }

        var shape = input.Shape();
        if (wide > own)
        {
            shape = tape.Concat(0, tape.List([.. Enumerable.Repeat(1L, wide - own)]), shape);
        }

        var one = tape.List([1]);
        var repeated = tape.Emit("And", shape.EqualTo(one), tape.Emit("Not", gradient.Shape().EqualTo(one)));
        var axes = tape.Emit("NonZero", repeated).Reshape(-1);
        var sum = tape.Emit("ReduceSum", [gradient, axes], ("keepdims", 1L), ("noop_with_empty_axes", 1L));
        return sum.Reshape(input.Shape());
    }
}
