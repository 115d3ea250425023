namespace ExplainService.Graph.Shapes;

/// <summary>Operators that only rearrange elements.</summary>
internal static class LayoutShapes
{
    public static void Reshape(ShapeRule rule)
    {
        var input = rule.In(0);
        if (rule.In(1).Content is not { } shape)
        {
            rule.Out(input.Type, rule.Dims(1) is [{ Value: { } rank }] ? ShapeRule.Unknown((int)rank) : null);
            return;
        }

        var dims = new Dim[shape.Length];
        var open = -1;
        for (var i = 0; i < shape.Length; i++)
        {
            // An element that is not known could be -1 or 0 too; alone, it is what the others leave either way.
            if (shape[i].Value == -1)
            {
                open = i;
            }
            else if (shape[i].Value == 0 && rule.Node.Int("allowzero") == 0)
            {
                dims[i] = i < input.Rank ? input.Dims![i] : Dim.Unknown;
            }
            else
            {
                dims[i] = shape[i];
            }
        }

        if (open < 0 && dims.Count(dim => dim.IsUnknown) == 1)
        {
            open = Array.FindIndex(dims, dim => dim.IsUnknown);
        }

        if (open >= 0 && input.Dims is not null)
        {
            dims[open] = Remainder(input.Dims, dims.Where((_, i) => i != open));
        }

        rule.Out(input.Type, dims, input.Content);
    }

    public static void Transpose(ShapeRule rule)
    {
        if (rule.Dims(0) is not { } dims)
        {
            rule.Out(rule.In(0).Type, rule.Node.Ints("perm") is { } axes ? ShapeRule.Unknown(axes.Length) : null);
            return;
        }

        var order = rule.Node.Ints("perm") ?? [.. Enumerable.Range(0, dims.Length).Reverse().Select(axis => (long)axis)];
        rule.Out(rule.In(0).Type, [.. order.Select(axis => dims[axis])], dims.Length <= 1 ? rule.In(0).Content : null);
    }

    public static void Squeeze(ShapeRule rule)
    {
        var input = rule.In(0);
        var axes = rule.List("axes", 1);
        Dim[]? dims = null;
        if (input.Dims is { } all && axes is not null)
        {
            var removed = axes.Select(axis => ShapeRule.Axis(axis, all.Length)).ToHashSet();
            dims = [.. all.Where((_, axis) => !removed.Contains(axis))];
        }
        else if (input.Dims is { } known && !rule.HasList("axes", 1) && known.All(dim => dim.Value is not null))
        {
            dims = [.. known.Where(dim => dim.Value != 1)];
        }

        rule.Out(input.Type, dims, input.Content);
    }

    public static void Unsqueeze(ShapeRule rule)
    {
        var input = rule.In(0);
        if (input.Dims is not { } dims || rule.List("axes", 1) is not { } axes)
        {
            rule.Out(input.Type, null, input.Content);
            return;
        }

        var rank = dims.Length + axes.Length;
        var added = axes.Select(axis => ShapeRule.Axis(axis, rank)).ToHashSet();
        var rest = new Queue<Dim>(dims);
        rule.Out(input.Type, [.. Enumerable.Range(0, rank).Select(axis => added.Contains(axis) ? 1 : rest.Dequeue())], input.Content);
    }

    public static void Flatten(ShapeRule rule)
    {
        var dims = rule.Dims(0);
        var axis = dims is null ? 0 : ShapeRule.Axis(rule.Node.Int("axis", 1), dims.Length);
        rule.Out(rule.In(0).Type, dims is null ? ShapeRule.Unknown(2) : [ShapeRule.Product(dims[..axis]), ShapeRule.Product(dims[axis..])]);
    }

    public static void Expand(ShapeRule rule)
    {
        var input = rule.In(0);
        var target = rule.In(1).Content ?? (rule.Dims(1) is [{ Value: { } rank }] ? ShapeRule.Unknown((int)rank) : null);
        var dims = ShapeRule.Broadcast(input.Dims, target);
        var content =
            input.Content is [var only] && dims is [{ Value: { } count and <= TensorInfo.ContentLimit }]
                ? Enumerable.Repeat(only, (int)count).ToArray()
                : null;
        rule.Out(input.Type, dims, content);
    }

    public static void Tile(ShapeRule rule)
    {
        var dims = rule.Dims(0);
        rule.Out(
            rule.In(0).Type,
            dims is null ? null
                : rule.In(1).Content is { } times ? [.. dims.Zip(times, (dim, n) => dim * n)]
                : ShapeRule.Unknown(dims.Length)
        );
    }

    public static void Concat(ShapeRule rule)
    {
        var inputs = Enumerable.Range(0, rule.Node.Inputs.Count).Select(rule.In).ToList();
        var type = inputs.Select(input => input.Type).FirstOrDefault(type => type != ElementType.Undefined);
        if (inputs.Find(input => input.Dims is not null)?.Dims is not { } first)
        {
            rule.Out(type, null);
            return;
        }

        var at = ShapeRule.Axis(rule.Node.Int("axis"), first.Length);
        var dims = first.Select(
            (_, axis) =>
            {
                var sizes = inputs.Select(input => input.Dims?[axis] ?? Dim.Unknown);
                return axis == at ? sizes.Aggregate((a, b) => a + b) : sizes.FirstOrDefault(dim => !dim.IsUnknown);
            }
        );
        var content = first.Length == 1 && type.IsIndex() ? inputs.SelectMany(Elements).ToArray() : null;
        rule.Out(
            type,
            [.. dims],
            content is not null && inputs.All(input => Elements(input).Any() || input.Dims is [{ Value: 0 }]) ? content : null
        );
    }

    public static void Split(ShapeRule rule)
    {
        var (input, count) = (rule.In(0), rule.Node.Outputs.Count);
        var sizes = rule.List("split", 1);
        var axis = input.Rank is { } rank ? ShapeRule.Axis(rule.Node.Int("axis"), rank) : 0;
        var start = 0;
        for (var i = 0; i < count; i++)
        {
            if (input.Dims is not { } dims)
            {
                rule.Out(input with { Content = null }, i);
                continue;
            }

            // Without sizes the parts are equal, the last one smaller when it does not divide.
            var whole = dims[axis];
            var size =
                sizes is not null ? sizes[i]
                : rule.HasList("split", 1) ? Dim.Unknown
                : whole.Value is { } n ? Math.Min((n + count - 1) / count, n - ((n + count - 1) / count * i))
                : whole / count;
            Dim[] part = [.. dims];
            part[axis] = size;
            var content =
                dims.Length == 1 && size.Value is { } length && input.Content is { } all ? all[start..(start + (int)length)] : null;
            start += (int)(size.Value ?? 0);
            rule.Out(new TensorInfo(input.Type, part, content), i);
        }
    }

    public static void Slice(ShapeRule rule)
    {
        var input = rule.In(0);
        var starts = rule.Node.Ints("starts") is { } s ? Array.ConvertAll(s, x => (Dim)x) : rule.In(1).Content;
        var ends = rule.Node.Ints("ends") is { } e ? Array.ConvertAll(e, x => (Dim)x) : rule.In(2).Content;
        if (input.Dims is null)
        {
            rule.Out(input.Type, null);
            return;
        }

        Dim[] dims = [.. input.Dims];
        var count = starts?.Length ?? ends?.Length ?? (rule.Dims(1) is [{ Value: { } n }] ? (int)n : -1);
        var axes =
            rule.List("axes", 3) ?? (rule.HasList("axes", 3) || count < 0 ? null : [.. Enumerable.Range(0, count).Select(i => (long)i)]);
        if (axes is null)
        {
            rule.Out(input.Type, ShapeRule.Unknown(dims.Length));
            return;
        }

        var steps = rule.Node.Input(4) is null ? [.. axes.Select(_ => (Dim)1)] : rule.In(4).Content;
        Dim[]? content = null;
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = ShapeRule.Axis(axes[i], dims.Length);
            var cut = SliceRange.Of(dims[axis], starts?[i] ?? Dim.Unknown, ends?[i] ?? Dim.Unknown, steps?[i] ?? Dim.Unknown);
            if (dims.Length == 1 && input.Content is { } all && cut.Indices is { } indices)
            {
                content = [.. indices.Select(index => all[index])];
            }

            dims[axis] = cut.Size;
        }

        rule.Out(input.Type, dims, content);
    }

    public static void Pad(ShapeRule rule)
    {
        if (rule.Dims(0) is not { } dims)
        {
            rule.Out(rule.In(0).Type, null);
            return;
        }

        var pads = rule.Node.Ints("pads") is { } p ? Array.ConvertAll(p, x => (Dim)x) : rule.In(1).Content;
        var whole = pads?.Length == 2 * dims.Length && rule.Node.Input(3) is null;
        rule.Out(
            rule.In(0).Type,
            whole ? [.. dims.Select((dim, axis) => dim + pads![axis] + pads[axis + dims.Length])] : ShapeRule.Unknown(dims.Length)
        );
    }

    private static Dim Remainder(Dim[] from, IEnumerable<Dim> others) => ShapeRule.Product(from) / ShapeRule.Product(others);

    private static IEnumerable<Dim> Elements(TensorInfo info) =>
        info.Content ?? (info.Dims is [{ Value: { } count and <= TensorInfo.ContentLimit }] ? ShapeRule.Unknown((int)count) : []);
}
