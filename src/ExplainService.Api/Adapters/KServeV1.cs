using System.Text.Json.Nodes;
using ExplainService.Api.Access;
using ExplainService.Api.Pipeline;

namespace ExplainService.Api.Adapters;

/// <summary>
/// KServe's V1 protocol: <c>/v1/models/{model}:predict</c> and <c>:explain</c>. Whether a model is ready its native description says too, at
/// the path that KServe asks.
/// </summary>
internal static class KServeV1
{
    /// <summary>Maps the endpoints, which clients call under <c>/v1</c>.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var models = routes
            .MapGroup("/models")
            .WithTags("kserve")
            .WithMetadata(new NeededScope(Scopes.Explain), new ProblemForm(problem => new JsonObject { ["error"] = problem.Detail }));
        models
            .MapPost("/{id}:predict", PredictAsync)
            .WithName("kserve_predict")
            .WithSummary("KServe V1 (/v1/models/{id}:predict): what the model says of each instance")
            .Produces<KServePredictions>()
            .WithMetadata(PeerOperation.Of<KServeInstances>(Example(new JsonObject { ["top_k"] = 1 })));
        models
            .MapPost("/{id}:explain", ExplainAsync)
            .WithName("kserve_explain")
            .WithSummary("KServe V1 (/v1/models/{id}:explain): an explanation of each instance")
            .Produces<KServePredictions>()
            .WithMetadata(PeerOperation.Of<KServeInstances>(Example(new JsonObject { ["endpoint"] = "/occlusion" })));
    }

    private static Task<IResult> PredictAsync(string id, HttpContext context, PeerRequests peers) =>
        peers.ServeAsync(
            context,
            AdapterJson.Of<KServeInstances>(),
            async (input, work) =>
            {
                var requests = Instances.Read(input.Instances, input.Parameters, id, explain: null, peers.Redaction);
                var answers = await work.AskAsync(requests).ConfigureAwait(false);
                return Answer(new KServePredictions { Predictions = [.. answers.Select(AdapterJson.Prediction)] });
            }
        );

    private static Task<IResult> ExplainAsync(string id, HttpContext context, PeerRequests peers, AdapterOptions options) =>
        peers.ServeAsync(
            context,
            AdapterJson.Of<KServeInstances>(),
            async (input, work) =>
            {
                var requests = Instances.Read(input.Instances, input.Parameters, id, options.Explain, peers.Redaction);
                var answers = await work.AskAsync(requests).ConfigureAwait(false);
                return Answer(
                    new KServePredictions
                    {
                        Predictions = [.. answers.Select(AdapterJson.Prediction)],
                        Explanations = [.. answers.Select(AdapterJson.Node)],
                    }
                );
            }
        );

    private static JsonObject Example(JsonObject parameters) =>
        new() { ["instances"] = new JsonArray("A gripping film."), ["parameters"] = parameters };

    private static IResult Answer(KServePredictions answer) => Results.Json(answer, AdapterJson.Options);
}

/// <summary>What <c>:predict</c> and <c>:explain</c> of KServe's V1 protocol take.</summary>
internal sealed record KServeInstances
{
    /// <summary>Texts, or objects with the fields of a request of this service (<c>text</c>, <c>pair</c>, <c>target</c> …).</summary>
    public required JsonArray Instances { get; init; }

    /// <summary>Fields that all instances have; of <c>:explain</c> also <c>endpoint</c>: what explains.</summary>
    public JsonObject? Parameters { get; init; }
}

/// <summary>What they answer.</summary>
internal sealed record KServePredictions
{
    /// <summary>What the model says of each instance: <c>prediction</c> of this service's answers.</summary>
    public required IReadOnlyList<JsonNode> Predictions { get; init; }

    /// <summary>Of <c>:explain</c>: this service's answer to each instance.</summary>
    public IReadOnlyList<JsonNode>? Explanations { get; init; }
}
