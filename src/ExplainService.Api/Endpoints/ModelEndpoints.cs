using ExplainService.Api.Contracts;
using ExplainService.Api.Limits;
using ExplainService.Api.Telemetry;
using ExplainService.Methods;
using ExplainService.Runtime;

namespace ExplainService.Api.Endpoints;

/// <summary>Models: what there is, what it can do, loading and unloading.</summary>
internal static class ModelEndpoints
{
    /// <summary>Maps the endpoints.</summary>
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup("/models").WithTags("models");
        models
            .MapRead("", List)
            .WithName("list_models")
            .WithSummary("Every model, with what is wrong where one cannot be served")
            .Produces<ModelList>();
        models
            .MapRead("/{id}", GetAsync)
            .WithName("get_model")
            .WithSummary("One model: task, labels, limits, what it supports and, where not, why; loads it")
            .Produces<ModelAnswer>();
        models
            .MapPost("/{id}/load", LoadAsync)
            .WithName("load_model")
            .WithSummary("Loads a model ahead of its use; tries a broken one again")
            .Produces<ModelAnswer>();
        models
            .MapPost("/{id}/unload", UnloadAsync)
            .WithName("unload_model")
            .WithSummary("Frees a model once the requests that use it have ended")
            .Produces<ModelAnswer>();
    }

    private static IResult List(IModelRegistry registry, IExplainer explainer) =>
        Answer(new ModelList(registry.Default, [.. registry.List().Select(entry => ModelAnswer.From(entry, explainer))], registry.Error));

    private static async Task<IResult> GetAsync(
        string id,
        IModelRegistry registry,
        IExplainer explainer,
        Readiness readiness,
        CancellationToken cancellationToken
    )
    {
        var entry = registry.Find(id);
        if (entry.State is ModelState.Available or ModelState.Loading)
        {
            // What a graph allows is known only once it was read: asking is a first use.
            try
            {
                await readiness
                    .UntilDrainExpiredAsync(stop => registry.GetAsync(id, stop).AsTask(), cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (ModelNotUsableException)
            {
                // The entry says what is wrong with it.
            }

            entry = registry.Find(id);
        }

        return Answer(ModelAnswer.From(entry, explainer));
    }

    private static async Task<IResult> LoadAsync(
        string id,
        HttpContext context,
        IModelRegistry registry,
        IExplainer explainer,
        Readiness readiness,
        CancellationToken cancellationToken
    )
    {
        RequestFacts.Of(context).Manages(registry.Find(id));
        var entry = await readiness.UntilDrainExpiredAsync(stop => registry.LoadAsync(id, stop), cancellationToken).ConfigureAwait(false);
        return entry.State == ModelState.Broken
            ? throw new ModelNotUsableException(entry.Error ?? "the model cannot be served")
            : Answer(ModelAnswer.From(entry, explainer));
    }

    private static async Task<IResult> UnloadAsync(
        string id,
        HttpContext context,
        IModelRegistry registry,
        IExplainer explainer,
        Readiness readiness,
        CancellationToken cancellationToken
    )
    {
        RequestFacts.Of(context).Manages(registry.Find(id));
        var entry = await readiness.UntilDrainExpiredAsync(stop => registry.UnloadAsync(id, stop), cancellationToken).ConfigureAwait(false);
        return Answer(ModelAnswer.From(entry, explainer));
    }

    private static IResult Answer<T>(T answer) => Results.Json(answer, ApiJson.Options);
}
