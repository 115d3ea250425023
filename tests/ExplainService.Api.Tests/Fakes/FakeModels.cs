using ExplainService.Runtime;
using ExplainService.Text.Tokenization;

namespace ExplainService.Api.Tests.Fakes;

/// <summary>A registry of one model that answers and one that is broken, neither on disk.</summary>
internal sealed class FakeModels : IModelRegistry
{
    public const string Good = "good";
    public const string Broken = "broken";

    private readonly Dictionary<string, ModelEntry> entries = new()
    {
        [Broken] = new(Broken, ModelState.Broken, null, [], null, null, 17, "model.onnx: the protobuf ends too early"),
        [Good] = Entry(ModelState.Available),
    };

    public TaskCompletionSource Loading { get; } = new();

    /// <summary>What unloading waits for.</summary>
    public Func<CancellationToken, Task> Unloading { get; set; } = _ => Task.CompletedTask;

    public string? Default { get; init; } = Good;

    public string? Error { get; init; }

    public IReadOnlyList<string> Names => [.. entries.Keys.Order(StringComparer.Ordinal)];

    /// <summary>How often the folders were looked into.</summary>
    public int Listings { get; private set; }

    public IReadOnlyList<ModelEntry> List()
    {
        Listings++;
        return [.. entries.Values.OrderBy(entry => entry.Name)];
    }

    public ModelEntry Find(string name) =>
        entries.GetValueOrDefault(name)
        ?? throw new ModelNotFoundException($"there is no model \"{name}\"; there are {string.Join(", ", entries.Keys)}");

    public async ValueTask<ILoadedModel> GetAsync(string? name, CancellationToken cancellationToken)
    {
        var entry = await LoadAsync(name ?? Good, cancellationToken);
        return new Unusable(entry.Description!);
    }

    public async Task<ModelEntry> LoadAsync(string name, CancellationToken cancellationToken)
    {
        await Loading.Task.WaitAsync(cancellationToken);
        var entry = Find(name);
        return entry.State == ModelState.Broken
            ? throw new ModelNotUsableException(entry.Error!)
            : entries[name] = Entry(ModelState.Loaded);
    }

    public async Task<ModelEntry> UnloadAsync(string name, CancellationToken cancellationToken)
    {
        await Unloading(cancellationToken);
        return entries[Find(name).Name] = Entry(ModelState.Available);
    }

    private static ModelEntry Entry(ModelState state) =>
        new(
            Good,
            state,
            ModelTask.TextClassification,
            ["negative", "positive"],
            state == ModelState.Loaded
                ? new ModelDescription
                {
                    Name = Good,
                    Task = ModelTask.TextClassification,
                    Labels = ["negative", "positive"],
                    Link = Link.Softmax,
                    MaxTokens = 512,
                    EmbeddingSize = 384,
                    Heads = 12,
                    AttentionLayers = new Dictionary<AttentionKind, int> { [AttentionKind.Self] = 6 },
                }
                : null,
            state == ModelState.Loaded ? new string('a', 64) : null,
            1234,
            null
        );

    /// <summary>The explainer is a fake as well: nobody runs the model.</summary>
    private sealed class Unusable(ModelDescription description) : ILoadedModel
    {
        public ModelDescription Description => description;

        public Tokenizer Tokenizer => throw new NotSupportedException();

        public IModelRunner Runner => throw new NotSupportedException();

        public IDisposable? TryHold() => throw new NotSupportedException();
    }
}
