namespace ExplainService.Graph.Rewrites;

/// <summary>
/// Weights with the same bytes are kept once: an encoder's and a decoder's file each hold the table of word embeddings that the model has
/// one of. Comparing ends at the first difference, so it costs little more than reading what is equal.
/// </summary>
public static class ShareWeights
{
    /// <summary>Smaller weights are not worth looking at, and forms carry them inside anyway.</summary>
    private const long MinBytes = 4096;

    /// <summary>Lets equal weights share their memory; names stay.</summary>
    public static void Apply(ModelGraph graph)
    {
        foreach (
            var alike in graph
                .Weights.Where(pair => pair.Value.ByteLength >= MinBytes)
                .GroupBy(pair => (pair.Value.Type, Dims: string.Join(',', pair.Value.Dims)))
                .Where(group => group.Skip(1).Any())
                .Select(group => group.ToArray())
                .ToArray()
        )
        {
            var distinct = new List<Weight>();
            foreach (var (name, weight) in alike)
            {
                if (distinct.Find(other => Same(other, weight)) is { } other)
                {
                    graph.Weights[name] = other.With(name);
                }
                else
                {
                    distinct.Add(weight);
                }
            }
        }
    }

    private static unsafe bool Same(Weight left, Weight right)
    {
        if (left.Address == right.Address)
        {
            return true;
        }

        const int Part = 1 << 20;
        for (var at = 0L; at < left.ByteLength; at += Part)
        {
            var length = (int)Math.Min(Part, left.ByteLength - at);
            if (
                !new ReadOnlySpan<byte>((byte*)left.Address + at, length).SequenceEqual(
                    new ReadOnlySpan<byte>((byte*)right.Address + at, length)
                )
            )
            {
                return false;
            }
        }

        GC.KeepAlive(left);
        GC.KeepAlive(right);
        return true;
    }
}
