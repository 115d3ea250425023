namespace ExplainService.Graph.Shapes;

/// <summary>Operators that pick elements by index.</summary>
internal static class IndexingShapes
{
    public static void Gather(ShapeRule rule)
    {
        var (data, indices) = (rule.In(0), rule.In(1));
        Dim[]? content = null;
        if (data.Content is { } elements && indices.Numbers is { } picks && data.Rank == 1)
        {
            content = Array.ConvertAll(picks, index => elements[index < 0 ? index + elements.Length : index]);
        }

        var axis = data.Rank is { } rank ? ShapeRule.Axis(rule.Node.Int("axis"), rank) : 0;
        var dims =
            data.Dims is not null && indices.Dims is not null
                ? [.. data.Dims[..axis], .. indices.Dims, .. data.Dims[(axis + 1)..]]
                : (Dim[]?)null;
        rule.Out(data.Type, dims, content);
    }

    public static void GatherNd(ShapeRule rule)
    {
        if (rule.Dims(0) is not { } data || rule.Dims(1) is not { Length: > 0 } indices || indices[^1].Value is not { } depth)
        {
            rule.Out(rule.In(0).Type, null);
            return;
        }

        rule.Out(rule.In(0).Type, [.. indices[..^1], .. data[((int)rule.Node.Int("batch_dims") + (int)depth)..]]);
    }

    public static void OneHot(ShapeRule rule)
    {
        if (rule.Dims(0) is not { } indices)
        {
            rule.Out(rule.In(2).Type, null);
            return;
        }

        var axis = ShapeRule.Axis(rule.Node.Int("axis", -1), indices.Length + 1);
        rule.Out(rule.In(2).Type, [.. indices[..axis], rule.In(1).Content is [var depth] ? depth : Dim.Unknown, .. indices[axis..]]);
    }
}
