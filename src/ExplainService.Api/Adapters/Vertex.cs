using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ExplainService.Api.Access;
using ExplainService.Api.Pipeline;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Shapley;
using ExplainService.Protocol.Problems;

namespace ExplainService.Api.Adapters;

/// <summary>
/// Endpoints of Vertex AI: <c>/v1/projects/…/locations/…/endpoints/{model}:predict</c> and <c>:explain</c>, whose endpoint is a model here.
/// </summary>
internal static class Vertex
{
    private const string Endpoint = "/projects/{project}/locations/{location}/endpoints/{id}";

    /// <summary>Maps the endpoints, which clients call under <c>/v1</c>.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("").WithTags("vertex").WithMetadata(new NeededScope(Scopes.Explain), new ProblemForm(Error));
        all.MapPost(Endpoint + ":predict", PredictAsync)
            .WithName("vertex_predict")
            .WithSummary("Vertex AI: what the model says of each instance")
            .Produces<VertexAnswer>()
            .WithMetadata(PeerOperation.Of<VertexInput>(new JsonObject { ["instances"] = new JsonArray("A gripping film.") }));
        all.MapPost(Endpoint + ":explain", ExplainAsync)
            .WithName("vertex_explain")
            .WithSummary("Vertex AI: the attributions of each instance")
            .Produces<VertexAnswer>()
            .WithMetadata(
                PeerOperation.Of<VertexInput>(
                    new JsonObject
                    {
                        ["instances"] = new JsonArray(new JsonObject { ["text"] = "A gripping film." }),
                        ["parameters"] = new JsonObject { ["max_evaluations"] = 64 },
                    }
                )
            );
    }

    private static Task<IResult> PredictAsync(string id, HttpContext context, PeerRequests peers) =>
        peers.ServeAsync(
            context,
            AdapterJson.Of<VertexInput>(),
            async (input, work) =>
            {
                var requests = Instances.Read(input.Instances, input.Parameters, id, explain: null, peers.Redaction);
                return Answer(id, await work.AskAsync(requests).ConfigureAwait(false), explains: false);
            }
        );

    private static Task<IResult> ExplainAsync(string id, HttpContext context, PeerRequests peers, AdapterOptions options) =>
        peers.ServeAsync(
            context,
            AdapterJson.Of<VertexInput>(),
            async (input, work) =>
            {
                var requests = Instances.Read(input.Instances, input.Parameters, id, options.Explain, peers.Redaction);
                return Answer(id, await work.AskAsync(requests).ConfigureAwait(false), explains: true);
            }
        );

    private static IResult Answer(string model, IReadOnlyList<Explanation> answers, bool explains) =>
        Results.Json(
            new VertexAnswer
            {
                Predictions = [.. answers.Select(AdapterJson.Prediction)],
                Explanations = explains ? [.. answers.Cast<UnitExplanation>().Select(VertexExplanation.Of)] : null,
                DeployedModelId = model,
                Model = model,
                ModelDisplayName = model,
            },
            AdapterJson.Options
        );

    /// <summary>As Google's services tell errors.</summary>
    private static JsonObject Error(Problem problem)
    {
        var status = ProblemForm.StatusOf(problem);
        return new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["code"] = status,
                ["message"] = problem.Detail,
                ["status"] = status switch
                {
                    401 => "UNAUTHENTICATED",
                    403 => "PERMISSION_DENIED",
                    404 => "NOT_FOUND",
                    429 => "RESOURCE_EXHAUSTED",
                    500 => "INTERNAL",
                    503 => "UNAVAILABLE",
                    504 => "DEADLINE_EXCEEDED",
                    _ => "INVALID_ARGUMENT",
                },
            },
        };
    }
}

/// <summary>What <c>:predict</c> and <c>:explain</c> of Vertex AI take.</summary>
internal sealed record VertexInput
{
    /// <summary>Texts, or objects with the fields of a request of this service (<c>text</c>, <c>pair</c>, <c>target</c> …).</summary>
    public required JsonArray Instances { get; init; }

    /// <summary>Fields that all instances have; of <c>:explain</c> also <c>endpoint</c>: what explains.</summary>
    public JsonObject? Parameters { get; init; }
}

/// <summary>What they answer.</summary>
internal sealed record VertexAnswer
{
    /// <summary>Of <c>:explain</c>: the attributions of each instance.</summary>
    public IReadOnlyList<VertexExplanation>? Explanations { get; init; }

    /// <summary>What the model says of each instance: <c>prediction</c> of this service's answers.</summary>
    public required IReadOnlyList<JsonNode> Predictions { get; init; }

    /// <summary>The model.</summary>
    [JsonPropertyName("deployedModelId")]
    public required string DeployedModelId { get; init; }

    /// <summary>The model.</summary>
    [JsonPropertyName("model")]
    public required string Model { get; init; }

    /// <summary>The model.</summary>
    [JsonPropertyName("modelDisplayName")]
    public required string ModelDisplayName { get; init; }
}

/// <summary>An instance explained.</summary>
internal sealed record VertexExplanation
{
    /// <summary>One for each output that is explained.</summary>
    public required IReadOnlyList<VertexAttribution> Attributions { get; init; }

    /// <summary>Not of Vertex AI: the units of the text that the attributions are of, in their order.</summary>
    public required IReadOnlyList<VertexUnit> Units { get; init; }

    /// <summary>The answer of this service so.</summary>
    public static VertexExplanation Of(UnitExplanation answer) =>
        new()
        {
            Attributions = answer.Labels is { Count: > 0 } labels
                ? [.. labels.Select(label => Attribution(answer, label.Scores, label.Label, label.Index, label.Value, label.BaseValue))]
                :
                [
                    Attribution(
                        answer,
                        [.. answer.Units.Select(unit => unit.Score ?? 0)],
                        answer.Target?.Label ?? answer.Target?.Text,
                        answer.Target?.Index,
                        (answer as ShapAnswer)?.Value,
                        (answer as ShapAnswer)?.BaseValue
                    ),
                ],
            Units = [.. answer.Units.Select(unit => new VertexUnit(unit.Text, unit.Start, unit.End, unit.In))],
        };

    private static VertexAttribution Attribution(
        UnitExplanation answer,
        double[] scores,
        string? label,
        int? index,
        double? value,
        double? baseValue
    ) =>
        new()
        {
            BaselineOutputValue = baseValue,
            InstanceOutputValue = value,
            FeatureAttributions = new VertexFeatures(scores),
            OutputIndex = index is { } place ? [place] : null,
            OutputDisplayName = label,
            OutputName = EnumNames.Of(answer.Objective!.Value),
            ApproximationError = Error(scores, value - baseValue),
        };

    /// <summary>How far the sum is from what it ought to be, as a share of that.</summary>
    private static double? Error(double[] scores, double? difference) =>
        difference is { } whole && whole != 0 ? Math.Abs(scores.Sum() - whole) / Math.Abs(whole) : null;
}

/// <summary>The attribution of one output.</summary>
internal sealed record VertexAttribution
{
    /// <summary>f without any unit, of methods that have it.</summary>
    [JsonPropertyName("baselineOutputValue")]
    public double? BaselineOutputValue { get; init; }

    /// <summary>f of the text, of methods that have it.</summary>
    [JsonPropertyName("instanceOutputValue")]
    public double? InstanceOutputValue { get; init; }

    /// <summary>The scores.</summary>
    [JsonPropertyName("featureAttributions")]
    public required VertexFeatures FeatureAttributions { get; init; }

    /// <summary>The class's index.</summary>
    [JsonPropertyName("outputIndex")]
    public IReadOnlyList<int>? OutputIndex { get; init; }

    /// <summary>The class.</summary>
    [JsonPropertyName("outputDisplayName")]
    public string? OutputDisplayName { get; init; }

    /// <summary>|Σ attributions − (instance − baseline)| as a share of the latter.</summary>
    [JsonPropertyName("approximationError")]
    public double? ApproximationError { get; init; }

    /// <summary>Which function of the class is explained.</summary>
    [JsonPropertyName("outputName")]
    public required string OutputName { get; init; }
}

/// <summary>Attributions by feature: of a text's units, in their order.</summary>
/// <param name="Text">The scores.</param>
internal sealed record VertexFeatures(IReadOnlyList<double> Text);

/// <summary>A unit of a text.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends.</param>
/// <param name="In"><c>pair</c> for units of the second text.</param>
internal sealed record VertexUnit(string Text, int Start, int End, string? In);
