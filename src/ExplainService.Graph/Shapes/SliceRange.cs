namespace ExplainService.Graph.Shapes;

/// <summary>What a slice along one axis leaves: its size and, when all is known, which indices.</summary>
internal readonly record struct SliceRange(Dim Size, IReadOnlyList<int>? Indices)
{
    public static SliceRange Of(Dim size, Dim start, Dim end, Dim step)
    {
        if (step.Value is not { } by || by == 0)
        {
            return new(Dim.Unknown, null);
        }

        if (size.Value is { } n && start.Value is { } from && end.Value is { } to)
        {
            return Known(n, from, to, by);
        }

        if (by != 1)
        {
            return new(Dim.Unknown, null);
        }

        if (start.Value == 0)
        {
            // Everything: an end far beyond any size, or the size itself.
            if (end.Value >= int.MaxValue || (end == size && !size.IsUnknown))
            {
                return new(size, null);
            }

            if (end.Value < 0)
            {
                return new(size + end.Value!.Value, null);
            }
        }

        if (start.Value == -1 && end.Value >= int.MaxValue)
        {
            return new(1, null);
        }
        // Other cuts of an axis of open size may meet its end.
        return new(Dim.Unknown, null);
    }

    private static SliceRange Known(long size, long start, long end, long step)
    {
        start = start < 0 ? start + size : start;
        end = end < 0 ? Math.Max(end + size, -1) : end;
        start = step > 0 ? Math.Clamp(start, 0, size) : Math.Clamp(start, 0, Math.Max(size - 1, 0));
        end = step > 0 ? Math.Clamp(end, 0, size) : Math.Clamp(end, -1, size);
        var count = Math.Max(0, step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step);
        var indices =
            count <= TensorInfo.ContentLimit && size <= TensorInfo.ContentLimit
                ? Enumerable.Range(0, (int)count).Select(i => (int)(start + (i * step))).ToArray()
                : null;
        return new(count, indices);
    }
}
