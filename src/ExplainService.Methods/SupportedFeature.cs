using System.Text.Json.Nodes;
using ExplainService.Runtime;

namespace ExplainService.Methods;

/// <summary>Whether a model supports a feature.</summary>
/// <param name="Feature">The feature.</param>
/// <param name="Path">The route that answers it.</param>
/// <param name="Reason">Why it does not; null: it does.</param>
public sealed record FeatureSupport(SupportedFeature Feature, string Path, string? Reason);

/// <summary>A feature of the API as <c>/models/{id}</c> lists it, and what it needs of a model.</summary>
/// <param name="Name">Endpoint and method, as in <c>saliency.integrated_gradients</c>.</param>
/// <param name="Title">What it is called in lists.</param>
/// <param name="Needs">What the model's graph must allow.</param>
public sealed record SupportedFeature(string Name, string Title, IReadOnlyList<ModelFeature> Needs)
{
    /// <summary>Why a model that has all of that is still refused; null: it is not.</summary>
    public Func<ModelDescription, string?>? Refuses { get; init; }

    /// <summary>Why a model does not have it; null: it does, as far as its graph goes.</summary>
    public string? ReasonAgainst(ModelDescription model) =>
        Needs
            .Select(need => model.Unsupported.GetValueOrDefault(need))
            .Append(Refuses?.Invoke(model))
            .FirstOrDefault(why => why is not null);

    /// <summary>The fields by which a request asks for it.</summary>
    public JsonObject Request { get; init; } = [];

    /// <summary>
    /// How a page that sets methods side by side asks for it: <see cref="Request"/>, and what keeps it quick there. Null: it scores no parts
    /// of a text.
    /// </summary>
    public JsonObject? Comparison { get; init; }
}
