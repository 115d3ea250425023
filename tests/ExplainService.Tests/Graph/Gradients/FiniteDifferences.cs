using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ExplainService.Tests.Graph.Gradients;

/// <summary>A tensor fed or computed.</summary>
internal sealed record Tensor(long[] Dims, Array Values)
{
    public double[] Doubles => [.. Values.Cast<object>().Select(Convert.ToDouble)];
}

/// <summary>Derivatives of f = Σ seed ⊙ outputs by central differences of fourth order, in ONNX Runtime.</summary>
internal static class FiniteDifferences
{
    // Rounding of float32 results is about 1e-7 / step, the remainder about step⁴: both far below the tolerance of 1e-3.
    private const float Step = 0.01f;

    public static double[] Of(
        InferenceSession session,
        IReadOnlyDictionary<string, Tensor> feeds,
        string input,
        IReadOnlyDictionary<string, double[]> seeds
    )
    {
        var values = (float[])feeds[input].Values;
        var moved = (float[])values.Clone();
        var all = new Dictionary<string, Tensor>(feeds) { [input] = new(feeds[input].Dims, moved) };
        var result = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            double At(float offset)
            {
                moved[i] = values[i] + offset;
                var outputs = Run(session, all);
                return seeds.Sum(seed => seed.Value.Zip(outputs[seed.Key].Doubles, (s, y) => s * y).Sum());
            }

            result[i] = ((8 * (At(Step) - At(-Step))) - (At(2 * Step) - At(-2 * Step))) / (12 * Step);
            moved[i] = values[i];
        }

        return result;
    }

    public static Dictionary<string, Tensor> Run(InferenceSession session, IReadOnlyDictionary<string, Tensor> feeds)
    {
        var wanted = feeds.Where(pair => session.InputMetadata.ContainsKey(pair.Key)).ToArray();
        OrtValue[] values = [.. wanted.Select(pair => Feed(pair.Value))];
        string[] names = [.. session.OutputMetadata.Keys];
        using var options = new RunOptions();
        using var results = session.Run(options, [.. wanted.Select(pair => pair.Key)], values, names);
        var outputs = names.Zip(results, (name, value) => (name, Read(value))).ToDictionary();
        foreach (var value in values)
        {
            value.Dispose();
        }

        return outputs;
    }

    private static OrtValue Feed(Tensor tensor) =>
        tensor.Values switch
        {
            float[] floats => OrtValue.CreateTensorValueFromMemory(floats, tensor.Dims),
            long[] longs => OrtValue.CreateTensorValueFromMemory(longs, tensor.Dims),
            int[] ints => OrtValue.CreateTensorValueFromMemory(ints, tensor.Dims),
            double[] doubles => OrtValue.CreateTensorValueFromMemory(doubles, tensor.Dims),
            bool[] bools => OrtValue.CreateTensorValueFromMemory(bools, tensor.Dims),
            var other => throw new NotSupportedException(other.GetType().Name),
        };

    private static Tensor Read(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        return new Tensor(
            info.Shape,
            info.ElementDataType switch
            {
                TensorElementType.Float => value.GetTensorDataAsSpan<float>().ToArray(),
                TensorElementType.Double => value.GetTensorDataAsSpan<double>().ToArray(),
                TensorElementType.Int64 => value.GetTensorDataAsSpan<long>().ToArray(),
                TensorElementType.Int32 => value.GetTensorDataAsSpan<int>().ToArray(),
                var other => throw new NotSupportedException(other.ToString()),
            }
        );
    }
}
