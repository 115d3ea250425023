using ExplainService.Runtime;

namespace ExplainService.Methods.Pipeline;

/// <summary>
/// The models as one request may use them: whatever field names a model, it is checked where the model is asked for, and no list or message names another.
/// </summary>
/// <param name="models">All models.</param>
/// <param name="access">Which the request may use.</param>
internal sealed class CheckedModels(IModelRegistry models, ModelAccess access) : IModelRegistry
{
    /// <inheritdoc/>
    public string? Default => models.Default;

    /// <inheritdoc/>
    public string? Error => models.Error;

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => [.. models.Names.Where(name => access.MayUse(name))];

    /// <summary>The models of a request: all, unless it may not use every one.</summary>
    public static IModelRegistry Of(IModelRegistry models, WorkOptions work) =>
        work.Access is { } access ? new CheckedModels(models, access) : models;

    /// <inheritdoc/>
    public IReadOnlyList<ModelEntry> List() => [.. models.List().Where(entry => access.MayUse(entry.Name))];

    /// <inheritdoc/>
    public ModelEntry Find(string name)
    {
        access.Check(name);
        return models.Find(name);
    }

    /// <inheritdoc/>
    public ValueTask<ILoadedModel> GetAsync(string? name, CancellationToken cancellationToken)
    {
        if ((name ?? models.Default) is not null)
        {
            access.Check(name);
        }
        else if (models.Error is null)
        {
            throw ModelNotFoundException.NoDefault(Names);
        }

        return models.GetAsync(name, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ModelEntry> LoadAsync(string name, CancellationToken cancellationToken)
    {
        access.Check(name);
        return models.LoadAsync(name, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ModelEntry> UnloadAsync(string name, CancellationToken cancellationToken)
    {
        access.Check(name);
        return models.UnloadAsync(name, cancellationToken);
    }
}
