using System.Text.Json.Nodes;
using ExplainService.Api.Access;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Saliency;
using ExplainService.Protocol.Privacy;
using Microsoft.Net.Http.Headers;

namespace ExplainService.Api.Adapters;

/// <summary>
/// TorchServe's inference API: <c>/predictions/{model}</c> answers as its text classifier does, <c>/explanations/{model}</c> as its handler for
/// Captum's integrated gradients does.
/// </summary>
internal static class TorchServe
{
    /// <summary>The codes of a prediction's warnings.</summary>
    public const string WarningsHeader = "X-Warning-Codes";

    private const string Explaining = "/saliency";

    /// <summary>As <c>curl -T</c> sends a file, and as <c>curl -d</c> does.</summary>
    private static readonly string[] Verbs = [HttpMethods.Post, HttpMethods.Put];

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("").WithTags("torchserve").WithMetadata(new NeededScope(Scopes.Explain), ModelServerErrors.Form);
        foreach (var verb in Verbs)
        {
            var suffix = verb == HttpMethods.Put ? "_put" : "";
            all.MapMethods("/predictions/{id}", [verb], PredictAsync)
                .WithName("torchserve_predict" + suffix)
                .WithSummary("TorchServe: the probability of each class")
                .Produces<JsonObject>()
                .WithMetadata(
                    PeerOperation.Of<JsonObject>(new JsonObject { ["data"] = "A gripping film." }, "application/json", "text/plain")
                );
            all.MapMethods("/explanations/{id}", [verb], ExplainAsync)
                .WithName("torchserve_explain" + suffix)
                .WithSummary("TorchServe: integrated gradients of each token")
                .Produces<TorchServeExplanation>()
                .WithMetadata(
                    PeerOperation.Of<JsonObject>(
                        new JsonObject { ["text"] = "A gripping film.", ["target"] = 1 },
                        "application/json",
                        "text/plain"
                    )
                );
        }
    }

    private static Task<IResult> PredictAsync(string id, HttpContext context, PeerRequests peers) =>
        peers.ServeAsync(
            context,
            async (body, work) =>
            {
                var fields = Fields(context.Request, body, isExplanation: false);
                var answer = await work.AskAsync(Read(fields, id, NativeRequest.Predict, peers.Redaction)).ConfigureAwait(false);
                Warn(context.Response, answer);
                return Answer(Probabilities(answer));
            }
        );

    private static Task<IResult> ExplainAsync(string id, HttpContext context, PeerRequests peers) =>
        peers.ServeAsync(
            context,
            async (body, work) =>
            {
                var fields = Fields(context.Request, body, isExplanation: true);
                var answer = await work.AskAsync(Read(fields, id, Explaining, peers.Redaction)).ConfigureAwait(false);
                return Answer(TorchServeExplanation.Of((SaliencyAnswer)answer));
            }
        );

    /// <summary>A prediction is its classes, among which there is no place for what a reader must know.</summary>
    private static void Warn(HttpResponse response, Explanation answer)
    {
        if (answer.WarningCodes.Count > 0)
        {
            response.Headers[WarningsHeader] = string.Join(", ", answer.WarningCodes);
        }
    }

    private static JsonObject Probabilities(Explanation answer)
    {
        if (answer.Prediction is not { Labels: { } labels } prediction)
        {
            return AdapterJson.Prediction(answer).AsObject();
        }

        var classes = new JsonObject();
        foreach (var label in labels)
        {
            classes.TryAdd(label.Label, JsonValue.Create(label.Probability ?? label.Logit ?? prediction.Value));
        }

        return classes;
    }

    private static NativeRequest Read(JsonObject fields, string model, string endpoint, Redaction redaction)
    {
        if (fields.ContainsKey("model"))
        {
            throw InvalidRequestException.Malformed("model", "is named by the path");
        }

        fields["model"] = model;
        if (endpoint == Explaining)
        {
            fields.TryAdd("method", "integrated_gradients");
        }

        return NativeRequest.Read(endpoint, fields, "", redaction);
    }

    /// <summary>A text; or JSON: a text, <c>data</c> with one, or fields of a request, of which a target is its class.</summary>
    private static JsonObject Fields(HttpRequest request, ReadOnlyMemory<byte> body, bool isExplanation)
    {
        var type = MediaTypeHeaderValue.TryParse(request.ContentType, out var given) ? given.MediaType.Value : null;
        if (type?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true)
        {
            throw new Protocol.Problems.RefusedRequestException(
                415,
                "Send the text itself (curl -T, or --data-binary with text/plain) or JSON."
            );
        }

        var isJson = string.Equals(type, "application/json", StringComparison.OrdinalIgnoreCase);
        // The files of TorchServe's examples for Captum are sent as they are, without a type.
        var node =
            isJson ? BodyText.Json(body)
            : isExplanation && BodyText.TryJson(body) is JsonObject file && file.ContainsKey("text") ? file
            : JsonValue.Create(BodyText.Of(body));
        if (node is JsonObject { Count: 1 } wrapped && wrapped["data"] is JsonValue data)
        {
            node = data.DeepClone();
        }

        return node switch
        {
            JsonObject fields => WithTarget(fields),
            JsonValue value when value.TryGetValue<string>(out var text) => new JsonObject { ["text"] = text },
            _ => throw InvalidRequestException.Malformed("(body)", "must be a text, or an object with \"data\" or the fields of a request"),
        };
    }

    private static JsonObject WithTarget(JsonObject fields)
    {
        if (fields["target"] is JsonValue label)
        {
            fields["target"] = new JsonObject { ["label"] = label.DeepClone() };
        }

        return fields;
    }

    private static IResult Answer<T>(T answer) => Results.Json(answer, AdapterJson.Options);
}

/// <summary>What <c>/explanations/{model}</c> answers.</summary>
internal sealed record TorchServeExplanation
{
    /// <summary>The tokens that the model saw, special ones too.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>Their attributions, which are not normalised.</summary>
    public required IReadOnlyList<double> Importances { get; init; }

    /// <summary>How far their sum is from the difference that they explain.</summary>
    public double? Delta { get; init; }

    /// <summary>What a reader must know.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>The answer of this service so.</summary>
    public static TorchServeExplanation Of(SaliencyAnswer answer)
    {
        var byToken = answer.Tokens.All(token => token.Score is not null);
        return new TorchServeExplanation
        {
            Words = [.. byToken ? answer.Tokens.Select(token => token.Token) : answer.Units.Select(unit => unit.Text)],
            Importances = [.. byToken ? answer.Tokens.Select(token => token.Score!.Value) : answer.Units.Select(unit => unit.Score ?? 0)],
            Delta = answer.CompletenessError,
            Warnings = answer.Warnings.Count > 0 ? answer.Warnings : null,
        };
    }
}
