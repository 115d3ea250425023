using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExplainService.Api.Limits;
using ExplainService.Api.Telemetry;
using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Json;
using ExplainService.Protocol.Problems;
using ExplainService.Rendering;
using ExplainService.Rendering.Drawing;
using ExplainService.Rendering.Output;
using ExplainService.Runtime;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ExplainService.Api.Adapters;

/// <summary>
/// A tool over an endpoint: its arguments are the fields of a request, its result the answer in words, as JSON, and as a picture where there
/// is one.
/// </summary>
internal sealed class McpTool : McpServerTool
{
    private const string PictureArgument = "picture";

    /// <summary>Words that a summary names.</summary>
    private const int MostWords = 40;

    private readonly string? endpoint;
    private readonly bool draws;

    private McpTool(string name, string title, string description, string? endpoint, JsonObject arguments, bool draws = true)
    {
        (this.endpoint, this.draws) = (endpoint, draws);
        ProtocolTool = new Tool
        {
            Name = name,
            Title = title,
            Description = description,
            InputSchema = Schema(arguments, draws),
            Annotations = new ToolAnnotations
            {
                ReadOnlyHint = true,
                IdempotentHint = true,
                OpenWorldHint = false,
            },
        };
    }

    /// <summary>Every tool.</summary>
    public static IReadOnlyList<McpServerTool> All { get; } =
    [
        new McpTool(
            "predict",
            "What a model says of a text",
            "Returns the model's prediction with the probability of each class.",
            NativeRequest.Predict,
            [],
            draws: false
        ),
        new McpTool(
            "explain",
            "Why a model says so",
            "Scores the words of a text by what they contribute to the model's prediction, or to another target.",
            null,
            new JsonObject
            {
                ["endpoint"] = Described("string", $"What explains: {NativeRequest.Explaining}. Default: Shapley values."),
                ["granularity"] = Described("string", "token, word, sentence or paragraph."),
                ["objective"] = Described("string", "probability, logit or log_probability."),
            }
        ),
        new McpTool(
            "compare",
            "Which explanation can be trusted most",
            "Explains a text by several methods and says how faithful each is to the model, and how far they agree.",
            "/compare",
            new JsonObject
            {
                ["methods"] = Described("array", "What is compared: objects with endpoint and its fields. Default: a choice."),
            }
        ),
        new McpTool(
            "counterfactual",
            "What would make a model say otherwise",
            "Finds the smallest changes of a text that change the model's prediction.",
            "/counterfactual",
            new JsonObject
            {
                ["method"] = Described("string", "remove (default), flip, fill or reduce."),
                ["to"] = Described("string", "The label that is wanted; default: any other."),
                ["max_edits"] = Described("integer", "The most changes."),
            }
        ),
    ];

    /// <inheritdoc/>
    public override Tool ProtocolTool { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<object> Metadata { get; } = [];

    /// <inheritdoc/>
    public override async ValueTask<CallToolResult> InvokeAsync(
        RequestContext<CallToolRequestParams> request,
        CancellationToken cancellationToken = default
    )
    {
        var services = request.Services!;
        var context = services.GetRequiredService<IHttpContextAccessor>().HttpContext!;
        try
        {
            var arguments = new JsonObject();
            var length = 0;
            foreach (var (name, value) in request.Params?.Arguments ?? new Dictionary<string, JsonElement>())
            {
                var json = value.GetRawText();
                PeerRequests.CheckUnicode(Encoding.UTF8.GetBytes(json));
                arguments[name] = Parsed(name, json);
                length += json.Length;
            }

            var work = services.GetRequiredService<PeerRequests>().Open(context);
            await work.Hold().TakeAsync(WorkBytes.Of(length), context.RequestAborted).ConfigureAwait(false);
            return await AnswerAsync(arguments, work, context, services).ConfigureAwait(false);
        }
        catch (Exception failure) when (!context.RequestAborted.IsCancellationRequested)
        {
            var problem = ProblemMapper.From(failure);
            if (problem.Status == 500)
            {
                services.GetRequiredService<ILogger<McpTool>>().UnhandledException(failure);
            }

            RequestFacts.Of(context).Refused(problem);
            return new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = problem.Detail }] };
        }
    }

    private static JsonNode? Parsed(string name, string json)
    {
        try
        {
            return JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = ServiceJson.Options.MaxDepth - 1 });
        }
        catch (JsonException)
        {
            throw InvalidRequestException.Malformed(name, "is nested too deeply");
        }
    }

    private async Task<CallToolResult> AnswerAsync(JsonObject arguments, PeerWork work, HttpContext context, IServiceProvider services)
    {
        var peers = services.GetRequiredService<PeerRequests>();
        var wantsPicture = draws;
        if (draws && arguments.Remove(PictureArgument, out var picture))
        {
            wantsPicture =
                picture is JsonValue flag && flag.TryGetValue<bool>(out var said)
                    ? said
                    : throw InvalidRequestException.Malformed(PictureArgument, "must be true or false");
        }

        var path = endpoint ?? NativeRequest.Chosen(arguments, services.GetRequiredService<AdapterOptions>().Explain);
        var native = NativeRequest.Read(
            path,
            arguments,
            "",
            peers.Redaction,
            method => endpoint is null ? NativeRequest.ScoresUnits(method) : method.Path == endpoint
        );
        var answer = await work.AskAsync(native).ConfigureAwait(false);
        List<ContentBlock> content = [new TextContentBlock { Text = Summary(answer) }, new TextContentBlock { Text = Json(answer) }];
        if (wantsPicture && await PictureAsync(native, answer, work, context.RequestAborted).ConfigureAwait(false) is { } drawn)
        {
            content.Add(drawn);
        }

        return new CallToolResult { Content = content };
    }

    /// <summary>What the model says, and its words by their scores, the strongest first.</summary>
    private static string Summary(Explanation answer)
    {
        var text = new StringBuilder();
        if (answer.Prediction is { } prediction)
        {
            text.Append(CultureInfo.InvariantCulture, $"{answer.Model} says: {AdapterJson.LabelOf(prediction)}");
            text.Append(CultureInfo.InvariantCulture, $" ({AdapterJson.ProbabilityOf(prediction):0.####}).");
        }

        if (answer is UnitExplanation { Units: var units } explained)
        {
            text.AppendLine();
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{answer.Title}: {(explained.IsUnsigned ? "how much each word matters, for or against," : "contributions")} to the {EnumNames.Of(explained.Objective!.Value)} of {answer.Target?.Label ?? answer.Target?.Text}, strongest first:"
            );
            foreach (var unit in units.OrderByDescending(unit => Math.Abs(unit.Score ?? 0)).Take(MostWords))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"{Score(unit.Score ?? 0, explained.IsUnsigned)} {unit.Text}");
            }
        }

        foreach (var warning in answer.Warnings)
        {
            text.AppendLine().Append("Note: ").Append(warning);
        }

        return text.ToString();
    }

    private static string Score(double score, bool isUnsigned) =>
        score.ToString(isUnsigned ? "0.0000" : "+0.0000;-0.0000", CultureInfo.InvariantCulture);

    private static string Json(Explanation answer)
    {
        var json = AdapterJson.Node(answer).AsObject();
        // What the tokenizer made of the text is of no use to an assistant, and long.
        json.Remove("tokens");
        return json.ToJsonString(ServiceJson.Options);
    }

    private static async Task<ContentBlock?> PictureAsync(NativeRequest native, Explanation answer, PeerWork work, CancellationToken stop)
    {
        var subject = Subject.Of((TextRequest)native.Request, answer);
        if (Pictures.Of(subject).Count == 0)
        {
            return null;
        }

        try
        {
            PictureBounds.Check(subject);
            await work.Hold().TakeAsync(PictureBounds.BytesOf(subject), stop).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is InvalidRequestException or ServiceBusyException)
        {
            // The answer is there, and has been paid for.
            return new TextContentBlock { Text = "There is no picture: " + ProblemMapper.From(refused).Detail };
        }

        var format = PictureFormat.All.Single(format => format.Name == "png");
        var bytes = await Task.Run(
                () => format.Write(Pictures.Draw(subject, PictureOptions.Default), PictureOptions.Default.Theme, stop),
                stop
            )
            .ConfigureAwait(false);
        return ImageContentBlock.FromBytes(bytes, format.MediaType);
    }

    private static JsonObject Described(string type, string description) => new() { ["type"] = type, ["description"] = description };

    private static JsonElement Schema(JsonObject arguments, bool draws)
    {
        var properties = new JsonObject
        {
            ["text"] = Described("string", "The text."),
            ["model"] = Described("string", "The model's name; default: the one that the service is for."),
            ["pair"] = Described("string", "A second text, for models that read two."),
            ["target"] = Described("object", "What is explained, as {\"label\": \"…\"}; default: what the model predicts."),
        };
        foreach (var (name, value) in arguments)
        {
            properties[name] = value?.DeepClone();
        }

        if (draws)
        {
            properties[PictureArgument] = Described("boolean", "Whether a picture comes with it; default true.");
        }

        return JsonSerializer.SerializeToElement<JsonNode>(
            new JsonObject
            {
                ["type"] = "object",
                ["properties"] = properties,
                ["required"] = new JsonArray("text"),
                ["description"] = "Beside these any field of the endpoint's requests, as /openapi/v1.json has it.",
            },
            AdapterJson.Options
        );
    }
}
