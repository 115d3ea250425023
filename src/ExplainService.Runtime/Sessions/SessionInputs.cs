using System.Buffers;
using ExplainService.Graph;
using ExplainService.Graph.Forms;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime.Sessions;

/// <summary>The inputs of one run, over pooled buffers. Dispose of it after the run.</summary>
internal sealed class SessionInputs : IDisposable
{
    private readonly List<IDisposable> owned = [];
    private readonly HashSet<OrtValue> borrowed = new(ReferenceEqualityComparer.Instance);

    /// <summary>Names and values for the session.</summary>
    public Dictionary<string, OrtValue> Values { get; } = [];

    /// <summary>
    /// A tensor of integers in the type that the graph declares, one line for each row; what a row does not fill is
    /// <paramref name="fill"/>.
    /// </summary>
    public void Integers(FormValue input, int rows, int columns, Func<int, ReadOnlySpan<int>> row, int fill = 0)
    {
        long[] dims = input.Dims.Count == 1 ? [(long)rows * columns] : [rows, columns];
        switch (input.Type)
        {
            case ElementType.Int64:
                Fill<long>(input.Name, dims, rows, columns, row, fill, static value => value);
                break;
            case ElementType.Int32:
                Fill<int>(input.Name, dims, rows, columns, row, fill, static value => value);
                break;
            case ElementType.Bool:
                Fill<bool>(input.Name, dims, rows, columns, row, fill, static value => value != 0);
                break;
            case ElementType.Float:
                Fill<float>(input.Name, dims, rows, columns, row, fill, static value => value);
                break;
            default:
                throw new NotSupportedByModelException(
                    $"The graph's input '{input.Name}' has the type {input.Type}, which this service does not know as one of tokens."
                );
        }
    }

    /// <summary>A tensor of floats, zero to begin with, for the caller to fill.</summary>
    public Span<float> Floats(string name, params long[] dims) => Rent<float>(name, dims).Span;

    /// <summary>A value of somebody else's, who disposes of it.</summary>
    public void Borrow(string name, OrtValue value)
    {
        Values.Add(name, value);
        borrowed.Add(value);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in Values.Values.Where(value => !borrowed.Contains(value)))
        {
            value.Dispose();
        }

        foreach (var buffer in owned)
        {
            buffer.Dispose();
        }
    }

    private void Fill<T>(string name, long[] dims, int rows, int columns, Func<int, ReadOnlySpan<int>> row, int fill, Func<int, T> convert)
        where T : unmanaged
    {
        var values = Rent<T>(name, dims).Span;
        for (var i = 0; i < rows; i++)
        {
            var source = row(i);
            var line = values.Slice(i * columns, columns);
            for (var j = 0; j < source.Length; j++)
            {
                line[j] = convert(source[j]);
            }

            if (fill != 0)
            {
                line[source.Length..].Fill(convert(fill));
            }
        }
    }

    private Memory<T> Rent<T>(string name, long[] dims)
        where T : unmanaged
    {
        var count = 1;
        foreach (var dim in dims)
        {
            count = checked(count * (int)dim);
        }

        var buffer = MemoryPool<T>.Shared.Rent(Math.Max(1, count));
        owned.Add(buffer);
        var memory = buffer.Memory[..count];
        memory.Span.Clear();
        Values.Add(name, OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory, dims));
        return memory;
    }
}
