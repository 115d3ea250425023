using ExplainService.Api.Access;
using ExplainService.Api.Adapters;
using ExplainService.Api.Audit;
using ExplainService.Api.Contracts;
using ExplainService.Api.Limits;
using ExplainService.Api.Pipeline;
using ExplainService.Api.Telemetry;
using ExplainService.Methods;
using ExplainService.Methods.Pipeline;
using ExplainService.Protocol.Problems;
using ExplainService.Runtime;

namespace ExplainService.Api.Endpoints;

/// <summary>Models: what there is, what it can do, loading and unloading.</summary>
internal static class ModelEndpoints
{
    /// <summary>Maps the endpoints.</summary>
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup("/models").WithTags("models");
        // Whoever may ask a model may know what it is, and its first use loads it in any case.
        var reading = models.MapGroup("").WithMetadata(new NeededScope(Scopes.Explain, Scopes.Jobs, Scopes.AllJobs, Scopes.Models));
        var managing = models.MapGroup("").WithMetadata(new NeededScope(Scopes.Models));
        reading
            .MapRead("", List)
            .WithName("list_models")
            .WithSummary("Every model, with what is wrong where one cannot be served")
            .Produces<ModelList>();
        reading
            .MapRead("/{id}", GetAsync)
            .WithName("get_model")
            .WithMetadata(new ChangesOnReadAttribute())
            .WithSummary("One model: task, labels, limits, what it supports and, where not, why; loads it")
            .Produces<ModelAnswer>();
        managing
            .MapPost("/{id}/load", LoadAsync)
            .WithName("load_model")
            .WithSummary("Loads a model ahead of its use, anew where its files have changed; tries a broken one again")
            .Produces<ModelAnswer>()
            .AuditedModel();
        managing
            .MapPost("/{id}/unload", UnloadAsync)
            .WithName("unload_model")
            .WithSummary("Frees a model once the requests that use it have ended")
            .Produces<ModelAnswer>()
            .AuditedModel();
    }

    private static IResult List(HttpContext context, IModelRegistry registry, IExplainer explainer, AdapterOptions adapters)
    {
        var caller = RequestFacts.Of(context).Caller;
        bool IsTheirs(string? model) => caller?.MayUse(model) != false;
        var models = registry.List().Where(entry => IsTheirs(entry.Name)).ToArray();
        var list = new ModelList(
            [.. models.Select(entry => ModelAnswer.From(entry, explainer))],
            IsTheirs(registry.Default) ? registry.Default : null,
            registry.Error
        );
        // OpenAI's clients know their paths under /v1 alone.
        return Answer(adapters.OpenAi && context.Request.PathBase.HasValue ? OpenAi.Listed(list, models) : list);
    }

    private static async Task<IResult> GetAsync(
        string id,
        HttpContext context,
        IModelRegistry registry,
        IExplainer explainer,
        Readiness readiness
    )
    {
        RequestFacts.Of(context).Caller?.CheckModel(id);
        var entry = registry.Find(id);
        if (entry.State is ModelState.Available or ModelState.Loading)
        {
            // What a graph allows is known only once it was read: asking is a first use.
            try
            {
                using var clock = new RequestClock(context.RequestAborted, readiness.DrainExpired);
                await clock.UntilStoppedAsync(() => registry.GetAsync(id, clock.Stop).AsTask()).ConfigureAwait(false);
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
        Readiness readiness
    ) => Answer(ModelAnswer.From(await ManageAsync(id, context, registry, readiness, registry.LoadAsync).ConfigureAwait(false), explainer));

    private static async Task<IResult> UnloadAsync(
        string id,
        HttpContext context,
        IModelRegistry registry,
        IExplainer explainer,
        Readiness readiness
    ) =>
        Answer(
            ModelAnswer.From(await ManageAsync(id, context, registry, readiness, registry.UnloadAsync).ConfigureAwait(false), explainer)
        );

    /// <summary>Has the registry load or unload a model, for as long as the client waits and the drain lets it.</summary>
    private static async Task<ModelEntry> ManageAsync(
        string id,
        HttpContext context,
        IModelRegistry registry,
        Readiness readiness,
        Func<string, CancellationToken, Task<ModelEntry>> change
    )
    {
        RequestBody.RefuseUntyped(context.Request);
        RequestFacts.Of(context).Caller?.CheckModel(id);
        RequestFacts.Of(context).Manages(registry.Find(id));
        using var clock = new RequestClock(context.RequestAborted, readiness.DrainExpired);
        return await clock.UntilStoppedAsync(() => change(id, clock.Stop)).ConfigureAwait(false);
    }

    private static IResult Answer<T>(T answer) => Results.Json(answer, ApiJson.Options);
}
