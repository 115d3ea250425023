using ExplainService.Goldens;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Benchmarks.Service;

/// <summary>
/// What the service is measured against: <c>InferenceSession.Run</c> over the unmodified file, with ONNX Runtime's defaults.
/// </summary>
public sealed class BareModel : IDisposable
{
    private static readonly int[] BatchSizes = [1, 2, 4, 8, 16, 32, 64];
    private readonly InferenceSession session;
    private readonly RunOptions options = new();

    /// <summary>Opens a bundled model, or a form of it.</summary>
    public BareModel(byte[]? model = null) =>
        session = model is null
            ? new InferenceSession(Path.Combine(ReferenceData.BundledModels, "minilm-sst2", "model.onnx"))
            : new InferenceSession(model);

    /// <summary>Runs one batch of rows of one length, with further inputs of a form.</summary>
    public void Run(int rows, int length, IReadOnlyDictionary<string, OrtValue>? further = null)
    {
        var own = session
            .InputNames.Where(name => further?.ContainsKey(name) != true)
            .ToDictionary(name => name, name => Fill(name, rows, length));
        using var results = session.Run(
            options,
            own.Concat(further ?? new Dictionary<string, OrtValue>()).ToDictionary(),
            session.OutputNames
        );
        foreach (var value in own.Values)
        {
            value.Dispose();
        }
    }

    /// <summary>The batch size of most rows a second for rows of this length.</summary>
    public int BestBatch(int length)
    {
        var best = (Rows: 1, Seconds: double.MaxValue);
        foreach (var rows in BatchSizes)
        {
            Run(rows, length);
            var seconds = Timing.Seconds(() => Run(rows, length), TimeSpan.FromSeconds(0.3)) / rows;
            if (seconds < best.Seconds)
            {
                best = (rows, seconds);
            }
        }

        return best.Rows;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        options.Dispose();
        session.Dispose();
    }

    private static OrtValue Fill(string name, int rows, int length)
    {
        var values = new long[rows * length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = name switch
            {
                "input_ids" => 1000 + (i * 7919 % 20_000),
                "attention_mask" => 1,
                _ => 0,
            };
        }

        return OrtValue.CreateTensorValueFromMemory(values, [rows, length]);
    }
}
