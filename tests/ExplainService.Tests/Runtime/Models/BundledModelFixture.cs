using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Runtime;
using ExplainService.Runtime.Models;
using ExplainService.Runtime.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace ExplainService.Tests.Runtime.Models;

/// <summary>A registry over the bundled models, and what PyTorch says of MiniLM.</summary>
public sealed class BundledModelFixture : IAsyncDisposable
{
    public ModelRegistry Registry { get; } =
        new(
            new ModelOptions
            {
                PrepareForms = false,
                Directory = ReferenceData.BundledModels,
                Default = "minilm-sst2",
            },
            new RuntimeOptions(),
            new FakeTimeProvider()
        );

    public static IReadOnlyList<Golden> Cases { get; } =
    [.. Directory.EnumerateFiles(ReferenceData.PathOf("goldens", "minilm-sst2"), "*.json").Order().Select(Golden.Read)];

    public async Task<IModelRunner> MiniLmAsync() => (await Registry.GetAsync(null, CancellationToken.None)).Runner;

    public ValueTask DisposeAsync() => Registry.DisposeAsync();

    /// <summary>The part of a golden file that rows and their answers can be compared with.</summary>
    public sealed record Golden(int[] Ids, float[] Logits, float[][][][] Attentions, int Target, Dictionary<string, float[]> L2Norms)
    {
        public TokenRow Row => new() { Ids = Ids };

        public static Golden Read(string path)
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = json.RootElement;
            return new Golden(
                root.GetProperty("input_ids").Deserialize<int[]>()!,
                root.GetProperty("logits").Deserialize<float[]>()!,
                root.TryGetProperty("attentions", out var maps) ? maps.Deserialize<float[][][][]>()! : [],
                root.GetProperty("target").GetInt32(),
                root.GetProperty("gradient")
                    .EnumerateObject()
                    .ToDictionary(objective => objective.Name, objective => objective.Value.GetProperty("l2").Deserialize<float[]>()!)
            );
        }
    }
}
