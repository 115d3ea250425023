using ExplainService.Graph;
using ExplainService.Graph.Forms;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ExplainService.Runtime.Sessions;

/// <summary>
/// One copy of a model's weights for all of its sessions. ONNX Runtime reads them where they lie, so this must outlive the sessions:
/// dispose of it last.
/// </summary>
/// <remarks>
/// Measured (1.31.1, MiniLM with 87 MB of float32 weights): a session over bytes with the weights inside adds 128 MB, one over
/// <see cref="SessionOptions.AddInitializer"/> 53 MB (graph, and the matrices packed for the processor's kernels: 42 MB beside the
/// originals, which further forms still need), and every further one with the same <see cref="PrePackedWeightsContainer"/> 6 MB instead
/// of 45. Packed matrices are worth it: without them one 16-token row takes 5.1 ms instead of 2.8.
/// </remarks>
internal sealed class SharedWeights : IDisposable
{
    private readonly Dictionary<Weight, OrtValue> values = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<nint> counted = [];
    private long bytes;

    /// <summary>The matrices packed for the processor's kernels, shared by the sessions made with it.</summary>
    public PrePackedWeightsContainer Packed { get; } = new();

    /// <summary>Bytes of the weights that forms read, each counted once however many read it.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>The weight as a value that a session can use in place.</summary>
    public OrtValue this[Weight weight]
    {
        get
        {
            lock (values)
            {
                if (!values.TryGetValue(weight, out var value))
                {
                    value = OrtValue.CreateTensorValueWithData(
                        OrtMemoryInfo.DefaultInstance,
                        (TensorElementType)(int)weight.Type,
                        [.. weight.Dims],
                        weight.Address,
                        weight.ByteLength
                    );
                    values.Add(weight, value);
                }

                return value;
            }
        }
    }

    /// <summary>Counts a form's weights.</summary>
    public void Count(Form form)
    {
        lock (counted)
        {
            bytes += form.Weights.Values.Where(weight => counted.Add(weight.Address)).Sum(weight => weight.ByteLength);
        }
    }

    public void Dispose()
    {
        Packed.Dispose();
        foreach (var value in values.Values)
        {
            value.Dispose();
        }

        values.Clear();
    }
}
