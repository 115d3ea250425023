using System.Text.Json.Nodes;
using ExplainService.Api.Access;
using ExplainService.Api.Limits;
using ExplainService.Api.Pipeline;
using ExplainService.Api.Telemetry;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Api.Adapters;

/// <summary>
/// KServe's V2 protocol (the Open Inference Protocol) in JSON: the explainer as a model, texts in; labels, tokens, scores and offsets out.
/// What has a tensor for it is in <see cref="InferTensors"/>.
/// </summary>
internal static class KServeV2
{
    private const string BinaryHeader = "Inference-Header-Content-Length";

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var all = routes
            .MapGroup("/v2")
            .WithTags("kserve")
            .WithMetadata(new ProblemForm(problem => new JsonObject { ["error"] = problem.Detail }));
        MapServer(all.MapGroup("").WithMetadata(new OpenToAll(), new NoRequestLogAttribute()));
        var reading = all.MapGroup("/models").WithMetadata(new NeededScope(Scopes.Explain, Scopes.Jobs, Scopes.AllJobs, Scopes.Models));
        Read(reading, "/{id}", Describe)
            .WithName("infer_model")
            .WithSummary("Open Inference Protocol: the tensors that a model takes and gives")
            .Produces<InferModel>();
        Read(reading, "/{id}/ready", ReadyModel)
            .WithName("infer_model_ready")
            .WithSummary("Open Inference Protocol: a model answers, now or once its first use has loaded it")
            .Produces<InferModelReady>();
        all.MapGroup("/models")
            .WithMetadata(new NeededScope(Scopes.Explain))
            .MapPost("/{id}/infer", InferAsync)
            .WithName("infer")
            .WithSummary("Open Inference Protocol: texts in; labels, tokens, scores, offsets out")
            .Produces<InferOutput>()
            .WithMetadata(PeerOperation.Of<InferInput>(Example()));
    }

    private static void MapServer(RouteGroupBuilder server)
    {
        Read(server, "", () => Answer(new InferServer("explain-service", ServiceVersion.Number, [])))
            .WithName("infer_server")
            .WithSummary("Open Inference Protocol: the server and its extensions")
            .Produces<InferServer>();
        Read(server, "/health/live", () => Answer(new InferLive(true)))
            .WithName("infer_live")
            .WithSummary("Open Inference Protocol: the process answers")
            .Produces<InferLive>();
        Read(server, "/health/ready", Ready)
            .WithName("infer_ready")
            .WithSummary("Open Inference Protocol: the service takes requests")
            .Produces<InferReady>();
    }

    private static RouteHandlerBuilder Read(RouteGroupBuilder routes, string pattern, Delegate handler) =>
        routes.MapRead(pattern, handler).WithMetadata(PeerOperation.WithoutBody);

    private static IResult Ready(Readiness readiness, IModelRegistry models, AuthOptions auth)
    {
        readiness.Check(models, auth.IsOn);
        return Answer(new InferReady(true));
    }

    private static IResult ReadyModel(string id, HttpContext context, IModelRegistry models)
    {
        Find(id, context, models);
        return Answer(new InferModelReady(id, true));
    }

    private static IResult Describe(string id, HttpContext context, IModelRegistry models)
    {
        Find(id, context, models);
        return Answer(new InferModel(id, [], "onnx", InferTensors.Inputs, InferTensors.Outputs));
    }

    /// <summary>A model that answers.</summary>
    /// <exception cref="ModelNotUsableException">It is broken.</exception>
    private static void Find(string id, HttpContext context, IModelRegistry models)
    {
        RequestFacts.Of(context).Caller?.CheckModel(id);
        if (models.Find(id) is { State: ModelState.Broken } broken)
        {
            throw new ModelNotUsableException(broken.Error ?? "The model cannot be served.");
        }
    }

    private static Task<IResult> InferAsync(string id, HttpContext context, PeerRequests peers, AdapterOptions options)
    {
        if (context.Request.Headers.ContainsKey(BinaryHeader))
        {
            throw InvalidRequestException.Malformed(BinaryHeader, "announces tensors as bytes; send them as JSON (binary_data=False)");
        }

        return peers.ServeAsync(
            context,
            AdapterJson.Of<InferInput>(),
            async (input, work) =>
            {
                var requests = InferTensors.Read(input, id, options.Explain, peers.Redaction);
                var answers = await work.AskAsync(requests).ConfigureAwait(false);
                return Answer(
                    new InferOutput
                    {
                        ModelName = id,
                        Id = input.Id,
                        Outputs = InferTensors.Of(answers, input.Outputs),
                    }
                );
            }
        );
    }

    private static JsonObject Example() =>
        new()
        {
            ["inputs"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = "text",
                    ["shape"] = new JsonArray(1),
                    ["datatype"] = "BYTES",
                    ["data"] = new JsonArray("A gripping film."),
                }
            ),
            ["parameters"] = new JsonObject { ["endpoint"] = "/occlusion" },
        };

    private static IResult Answer<T>(T answer) => Results.Json(answer, AdapterJson.Options);
}

/// <summary>A request of the Open Inference Protocol.</summary>
internal sealed record InferInput
{
    /// <summary>The caller's own name of the request, which the answer carries back.</summary>
    public string? Id { get; init; }

    /// <summary>
    /// Fields of a request of this service (<c>endpoint</c>, <c>target</c>, <c>granularity</c>, <c>seed</c> …), as strings, numbers and flags.
    /// </summary>
    public JsonObject? Parameters { get; init; }

    /// <summary><c>text</c> (by any name) and, beside it, <c>pair</c>: tensors of <c>BYTES</c>, a text each.</summary>
    public required IReadOnlyList<InferTensor> Inputs { get; init; }

    /// <summary>The outputs that are wanted; default: all. Where only <c>label</c> and <c>probability</c> are, nothing is explained.</summary>
    public IReadOnlyList<InferWanted>? Outputs { get; init; }
}

/// <summary>A tensor.</summary>
internal sealed record InferTensor
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its sizes.</summary>
    public required IReadOnlyList<long> Shape { get; init; }

    /// <summary><c>BYTES</c> (texts), <c>INT64</c>, <c>FP64</c>.</summary>
    public required string Datatype { get; init; }

    /// <summary>Of inputs MLServer's <c>content_type</c>: <c>str</c> or <c>base64</c>.</summary>
    public JsonObject? Parameters { get; init; }

    /// <summary>Its elements, in rows or flat.</summary>
    public required JsonArray Data { get; init; }
}

/// <summary>An output that is wanted.</summary>
internal sealed record InferWanted
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>MLServer's <c>content_type</c>; <c>binary_data</c> must not be true.</summary>
    public JsonObject? Parameters { get; init; }
}

/// <summary>An answer of the Open Inference Protocol.</summary>
internal sealed record InferOutput
{
    /// <summary>The model.</summary>
    public required string ModelName { get; init; }

    /// <summary>The caller's own name of the request.</summary>
    public string? Id { get; init; }

    /// <summary>The tensors.</summary>
    public required IReadOnlyList<InferTensor> Outputs { get; init; }
}

/// <summary>The server.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Extensions">Extensions of the protocol: none.</param>
internal sealed record InferServer(string Name, string Version, IReadOnlyList<string> Extensions);

/// <summary>A model.</summary>
/// <param name="Name">Its folder's name.</param>
/// <param name="Versions">None: a model has one.</param>
/// <param name="Platform">What it is.</param>
/// <param name="Inputs">What it takes.</param>
/// <param name="Outputs">What it gives.</param>
internal sealed record InferModel(
    string Name,
    IReadOnlyList<string> Versions,
    string Platform,
    IReadOnlyList<InferTensorShape> Inputs,
    IReadOnlyList<InferTensorShape> Outputs
);

/// <summary>A tensor without its elements.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Datatype">Of its elements.</param>
/// <param name="Shape">Its sizes; −1: any.</param>
internal sealed record InferTensorShape(string Name, string Datatype, IReadOnlyList<long> Shape);

/// <summary>Whether the process answers.</summary>
internal sealed record InferLive(bool Live);

/// <summary>Whether the service takes requests.</summary>
internal sealed record InferReady(bool Ready);

/// <summary>Whether a model answers.</summary>
internal sealed record InferModelReady(string Name, bool Ready);
