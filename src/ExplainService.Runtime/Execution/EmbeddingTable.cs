using System.Numerics.Tensors;
using ExplainService.Graph;

namespace ExplainService.Runtime.Execution;

/// <summary>The word embeddings, read where the sessions read them too.</summary>
internal sealed class EmbeddingTable(Weight table)
{
    private readonly Lock gate = new();
    private float[]? mean;

    /// <summary>Size of an embedding.</summary>
    public int Size => (int)table.Dims[^1];

    /// <summary>Writes the embeddings of tokens, [tokens × embedding].</summary>
    public void Lookup(ReadOnlySpan<int> ids, Span<float> target)
    {
        for (var i = 0; i < ids.Length; i++)
        {
            Line(ids[i], target.Slice(i * Size, Size));
        }
    }

    /// <summary>Whole lines from an id on, as many as the buffer holds; single precision where it is stored.</summary>
    public ReadOnlySpan<float> Lines(int first, Span<float> buffer)
    {
        var count = (int)Math.Max(0, Math.Min(table.Dims[0] - first, buffer.Length / Size));
        if (table.Type == ElementType.Float)
        {
            return count == 0 ? [] : table.As<float>().Slice(checked(first * Size), count * Size);
        }

        for (var line = 0; line < count; line++)
        {
            Line(first + line, buffer.Slice(line * Size, Size));
        }

        return buffer[..(count * Size)];
    }

    /// <summary>The mean over the vocabulary.</summary>
    public ReadOnlySpan<float> Mean()
    {
        lock (gate)
        {
            return mean ??= ComputeMean();
        }
    }

    private float[] ComputeMean()
    {
        var sum = new double[Size];
        var line = new float[Size];
        for (var id = 0; id < table.Dims[0]; id++)
        {
            Line(id, line);
            for (var i = 0; i < line.Length; i++)
            {
                sum[i] += line[i];
            }
        }

        return Array.ConvertAll(sum, value => (float)(value / table.Dims[0]));
    }

    private void Line(int id, Span<float> target)
    {
        var start = checked(id * Size);
        switch (table.Type)
        {
            case ElementType.Float:
                table.As<float>().Slice(start, Size).CopyTo(target);
                break;
            case ElementType.Float16:
                TensorPrimitives.ConvertToSingle(table.As<Half>().Slice(start, Size), target);
                break;
            case ElementType.BFloat16:
                var halves = table.As<ushort>().Slice(start, Size);
                for (var i = 0; i < target.Length; i++)
                {
                    target[i] = BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
                }

                break;
            default:
                throw new NotSupportedByModelException($"The word embeddings are stored as {table.Type}.");
        }
    }
}
