using ExplainService.Goldens;
using ExplainService.Graph;
using ExplainService.Graph.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Tests.Graph;

/// <summary>Runs graphs in ONNX Runtime on made-up inputs that fit what the graph declares.</summary>
internal static class OnnxRun
{
    public static IEnumerable<string> Models { get; } =
        Directory
            .EnumerateFiles(ReferenceData.PathOf("zoo"), "*.onnx", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(ReferenceData.BundledModels, "*.onnx", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(ReferenceData.Root, path))
            .Order(StringComparer.Ordinal);

    public static ModelGraph Load(string relative) => OnnxFile.Load(Path.Combine(ReferenceData.Root, relative));

    public static InferenceSession Open(byte[] model)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        return new InferenceSession(model, options);
    }

    public static Dictionary<string, (long[] Dims, float[] Values)> Run(byte[] model, int batch = 2, int length = 5)
    {
        using var session = Open(model);
        return Run(session, batch, length);
    }

    public static Dictionary<string, (long[] Dims, float[] Values)> Run(InferenceSession session, int batch = 2, int length = 5)
    {
        var feeds = session.InputMetadata.ToDictionary(pair => pair.Key, pair => Feed(pair.Key, pair.Value, batch, length));
        using var options = new RunOptions();
        var names = session.OutputMetadata.Keys.ToList();
        using var results = session.Run(options, feeds.Keys, feeds.Values, names);
        var outputs = names.Zip(results, (name, value) => (name, Read(value))).ToDictionary();
        foreach (var feed in feeds.Values)
        {
            feed.Dispose();
        }

        return outputs;
    }

    public static (long[] Dims, float[] Values) Read(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        float[] values = info.ElementDataType switch
        {
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float => value.GetTensorDataAsSpan<float>().ToArray(),
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float16 => Array.ConvertAll(
                value.GetTensorDataAsSpan<Float16>().ToArray(),
                x => (float)x
            ),
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int64 => Array.ConvertAll(
                value.GetTensorDataAsSpan<long>().ToArray(),
                x => (float)x
            ),
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int32 => Array.ConvertAll(
                value.GetTensorDataAsSpan<int>().ToArray(),
                x => (float)x
            ),
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Bool => Array.ConvertAll(
                value.GetTensorDataAsSpan<bool>().ToArray(),
                x => x ? 1f : 0f
            ),
            var other => throw new NotSupportedException(other.ToString()),
        };
        return (info.Shape, values);
    }

    private static OrtValue Feed(string name, NodeMetadata input, int batch, int length)
    {
        var dims = input
            .Dimensions.Select((dim, axis) => dim >= 0 ? dim : Size(input.SymbolicDimensions[axis], batch, length))
            .Select(dim => (long)dim)
            .ToArray();
        var count = (int)dims.Aggregate(1L, (product, dim) => product * dim);
        if (input.ElementType == typeof(long))
        {
            var ids = name.Contains("ids", StringComparison.Ordinal) && !name.Contains("type", StringComparison.Ordinal);
            var values = Enumerable
                .Range(0, count)
                .Select(i =>
                    name.Contains("mask", StringComparison.Ordinal) ? 1L
                    : name.Contains("position", StringComparison.Ordinal) ? i % length
                    : ids ? 5 + (i * 7 % 40)
                    : 0L
                )
                .ToArray();
            return OrtValue.CreateTensorValueFromMemory(values, dims);
        }

        if (input.ElementType == typeof(bool))
        {
            return OrtValue.CreateTensorValueFromMemory(new bool[count], dims);
        }

        var floats = Enumerable.Range(0, count).Select(i => MathF.Sin(i)).ToArray();
        return input.ElementType == typeof(Float16)
            ? OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(floats, x => (Float16)x), dims)
            : OrtValue.CreateTensorValueFromMemory(floats, dims);
    }

    // Dimensions are named by the exporters: "batch_size", "past_sequence_length + sequence_length", "past_decoder_sequence_length + 1".
    private static int Size(string symbol, int batch, int length) =>
        symbol
            .Split('+', StringSplitOptions.TrimEntries)
            .Sum(part =>
                int.TryParse(part, out var number) ? number
                : part.Contains("batch", StringComparison.Ordinal) ? batch
                : part.Contains("past", StringComparison.Ordinal) ? 3
                : length
            );
}
