using System.Text;
using System.Text.Json.Nodes;
using ExplainService.Api.Access;
using ExplainService.Api.Limits;
using ExplainService.Api.Telemetry;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Shapley;
using ExplainService.Runtime;

namespace ExplainService.Api.Adapters;

/// <summary>
/// A container of SageMaker: <c>/ping</c> and <c>/invocations</c>, texts as CSV or JSON lines; where
/// <c>X-Amzn-SageMaker-Enable-Explanations</c> asks for it, answered as Clarify's online explainability answers.
/// </summary>
internal static class SageMaker
{
    /// <summary>Which records are explained, by JMESPath over what the model says of them.</summary>
    public const string EnableHeader = "X-Amzn-SageMaker-Enable-Explanations";

    /// <summary>The model, where an endpoint has several.</summary>
    public const string ModelHeader = "X-Amzn-SageMaker-Target-Model";

    /// <summary>What passes through SageMaker to the client: the warnings that CSV has no place for.</summary>
    private const string AttributesHeader = "X-Amzn-SageMaker-Custom-Attributes";

    private const int MostAttributes = 1024;
    private const string More = ",more";

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("").WithTags("sagemaker").WithMetadata(ModelServerErrors.Form);
        all.MapGroup("")
            .WithMetadata(new OpenToAll(), new NoRequestLogAttribute())
            .MapRead("/ping", Ping)
            .WithName("sagemaker_ping")
            .WithSummary("SageMaker, TorchServe: the service takes requests")
            .Produces<PingAnswer>()
            .WithMetadata(PeerOperation.WithoutBody);
        all.MapPost("/invocations", InvokeAsync)
            .WithName("sagemaker_invocations")
            .WithSummary("SageMaker: what the model says of each record, and why")
            .Produces<string>(contentType: "text/csv")
            .WithMetadata(
                new NeededScope(Scopes.Explain),
                PeerOperation.Of<string>("A gripping film.", "text/csv", "application/jsonlines")
            );
    }

    private static IResult Ping(Readiness readiness, IModelRegistry models, AuthOptions auth)
    {
        readiness.Check(models, auth.IsOn);
        return Results.Json(new PingAnswer("Healthy"), AdapterJson.Options);
    }

    private static Task<IResult> InvokeAsync(HttpContext context, PeerRequests peers, AdapterOptions options, IModelRegistry models)
    {
        var records = RecordFormat.OfBody(context.Request);
        var answers = RecordFormat.OfAnswer(context.Request, records);
        var enable = Enable(context.Request, options);
        var model = context.Request.Headers[ModelHeader].ToString();
        return peers.ServeAsync(
            context,
            async (body, work) =>
            {
                var fields = records.Read(body);
                PeerRequests.CheckCount(fields.Count, model.Length);
                foreach (var record in fields.Where(_ => model.Length > 0))
                {
                    record.TryAdd("model", model);
                }

                var requests = fields.Select((record, index) => Read(NativeRequest.Predict, record, index, peers)).ToArray();
                var predictions = await work.AskAsync(requests).ConfigureAwait(false);
                var said = predictions.Select(answers.Record).ToArray();
                var data = string.Concat(said.Select(record => answers.Line(record) + "\n"));
                if (enable is null)
                {
                    Warn(context.Response, predictions);
                    return Results.Text(data, answers.MediaType, Encoding.UTF8);
                }

                var chosen = said.Select(enable.IsTrueOf).ToArray();
                var explained = await ExplainAsync(fields, predictions, chosen, peers, work, models).ConfigureAwait(false);
                // An explanation of a record has the warnings of its prediction, and its own.
                Warn(context.Response, [.. predictions.Select((prediction, index) => explained[index] ?? prediction)]);
                return Results.Json(
                    new ClarifyAnswer
                    {
                        Predictions = new ClarifyPredictions(answers.MediaType, data),
                        LabelHeaders = ClarifyAnswer.Headers(explained),
                        Explanations = Array.Exists(chosen, one => one)
                            ? new ClarifyExplanations([.. explained.Select(answer => answer is null ? null : ClarifyFeature.Of(answer))])
                            : new ClarifyExplanations(null),
                    },
                    AdapterJson.Options
                );
            }
        );
    }

    /// <summary>Which records are explained; null: this is no request for explanations.</summary>
    private static EnableExplanations? Enable(HttpRequest request, AdapterOptions options) =>
        request.Headers.TryGetValue(EnableHeader, out var given) ? EnableExplanations.Read(given.ToString(), EnableHeader)
        : options.EnableExplanations.Length > 0 ? EnableExplanations.Read(options.EnableExplanations, nameof(options.EnableExplanations))
        : null;

    /// <summary>Shapley values of every class for the records that were chosen; null for the others.</summary>
    private static async Task<IReadOnlyList<ShapAnswer?>> ExplainAsync(
        IReadOnlyList<JsonObject> fields,
        IReadOnlyList<Explanation> predictions,
        bool[] chosen,
        PeerRequests peers,
        PeerWork work,
        IModelRegistry models
    )
    {
        var explained = new ShapAnswer?[fields.Count];
        int[] indices = [.. Enumerable.Range(0, fields.Count).Where(index => chosen[index])];
        if (indices.Length == 0)
        {
            return explained;
        }

        var requests = indices.Select(index => Read("/shap", WithTarget(fields[index], predictions[index], models), index, peers));
        var answers = await work.AskAsync([.. requests]).ConfigureAwait(false);
        foreach (var (place, index) in indices.Index())
        {
            explained[index] = (ShapAnswer)answers[place];
        }

        return explained;
    }

    /// <summary>All classes at once where there are several, as Clarify has them; offsets as Python counts.</summary>
    private static JsonObject WithTarget(JsonObject fields, Explanation prediction, IModelRegistry models)
    {
        var explained = (JsonObject)fields.DeepClone();
        explained.TryAdd("offset_unit", "codepoint");
        if (models.Find(prediction.Model) is { Task: ModelTask.TextClassification, Labels.Count: > 1 })
        {
            explained.TryAdd("target", new JsonObject { ["labels"] = "all" });
        }

        return explained;
    }

    private static NativeRequest Read(string endpoint, JsonObject fields, int index, PeerRequests peers) =>
        NativeRequest.Read(endpoint, fields, FormattableString.Invariant($"records[{index}]"), peers.Redaction);

    /// <summary>Headers hold ASCII, and SageMaker passes so much of them on.</summary>
    private static void Warn(HttpResponse response, IReadOnlyList<Explanation> predictions)
    {
        var codes = predictions.SelectMany(
            (answer, index) => answer.WarningCodes.Select(code => FormattableString.Invariant($"{index}:{code}"))
        );
        var value = "warnings=" + string.Join(',', codes);
        if (value.Length > "warnings=".Length)
        {
            response.Headers[AttributesHeader] =
                value.Length <= MostAttributes ? value : value[..value.LastIndexOf(',', MostAttributes - More.Length)] + More;
        }
    }
}

/// <summary>What <c>/ping</c> answers.</summary>
/// <param name="Status"><c>Healthy</c>.</param>
internal sealed record PingAnswer(string Status);
