using ExplainService.Runtime;

namespace ExplainService.Methods.Pipeline;

/// <summary>The models as one request may use them: whatever field names a model, it is checked where the model is asked for.</summary>
/// <param name="models">All models.</param>
/// <param name="check">Throws for the name of a model that the request may not use.</param>
internal sealed class CheckedModels(IModelRegistry models, Action<string> check) : IModelRegistry
{
    /// <inheritdoc/>
    public string? Default => models.Default;

    /// <inheritdoc/>
    public string? Error => models.Error;

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => models.Names;

    /// <summary>The models of a request: all, unless it may not use every one.</summary>
    public static IModelRegistry Of(IModelRegistry models, WorkOptions work) =>
        work.CheckModel is { } check ? new CheckedModels(models, check) : models;

    /// <inheritdoc/>
    public IReadOnlyList<ModelEntry> List() => models.List();

    /// <inheritdoc/>
    public ModelEntry Find(string name)
    {
        check(name);
        return models.Find(name);
    }

    /// <inheritdoc/>
    public ValueTask<ILoadedModel> GetAsync(string? name, CancellationToken cancellationToken)
    {
        if ((name ?? models.Default) is { } asked)
        {
            check(asked);
        }

        return models.GetAsync(name, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ModelEntry> LoadAsync(string name, CancellationToken cancellationToken)
    {
        check(name);
        return models.LoadAsync(name, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ModelEntry> UnloadAsync(string name, CancellationToken cancellationToken)
    {
        check(name);
        return models.UnloadAsync(name, cancellationToken);
    }
}
