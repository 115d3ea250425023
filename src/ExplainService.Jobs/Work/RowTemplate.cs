using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Inputs;
using ExplainService.Methods;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness;
using ExplainService.Methods.Inside;
using ExplainService.Methods.Pipeline;
using ExplainService.Protocol.Json;

namespace ExplainService.Jobs.Work;

/// <summary>What every row is asked: an endpoint and its fields, to which each row gives its text.</summary>
internal sealed class RowTemplate
{
    private const string Endpoint = "endpoint";
    private const string Prediction = "/predict";
    private const string Field = "request";
    private const int MaxFeatures = 1000;
    private const int MaxDraws = 100;
    private const int DefaultPieces = 4;
    private const int MaxPieces = 100;

    /// <summary>Fields that are the job's own, not an endpoint's.</summary>
    private static readonly Dictionary<JobKind, string[]> Own = new()
    {
        [JobKind.Importance] = ["features", "draws", "seed"],
        [JobKind.Surrogate] = ["pieces"],
    };

    /// <summary>Fields that a row brings, or that make no sense for one.</summary>
    private static readonly string[] OfRows = ["text", "image", "texts", "messages", "id", "redact"];

    /// <summary>The endpoint that a kind asks, where it is no choice.</summary>
    private static readonly Dictionary<JobKind, string> Fixed = new()
    {
        [JobKind.Predict] = Prediction,
        [JobKind.Importance] = Prediction,
        [JobKind.Surrogate] = Prediction,
        [JobKind.Compare] = "/compare",
        [JobKind.Neurons] = "/neurons",
    };

    private readonly IExplanationMethod method;
    private readonly JsonProperty[] fields;

    private readonly string? model;

    private RowTemplate(IExplanationMethod method, JsonProperty[] fields, string? model = null) =>
        (this.method, this.fields, this.model) = (method, fields, model);

    /// <summary>The model that is asked; null: the default one.</summary>
    public string? Model => model ?? Text(fields, "model");

    /// <summary>Whether it asks for predictions alone.</summary>
    public bool IsPrediction => method.Path == Prediction;

    /// <summary>Reads and checks the request of a job.</summary>
    /// <exception cref="InvalidRequestException">400 or 422: by field, as in <c>request.samples</c>.</exception>
    public static RowTemplate Of(JobRequest job, MethodCatalog catalog)
    {
        if (job.Request is { ValueKind: not JsonValueKind.Object })
        {
            throw InvalidRequestException.Malformed(Field, "must be an object");
        }

        JsonProperty[] fields = job.Request is { } request ? [.. request.EnumerateObject()] : [];
        var template = new RowTemplate(
            Method(job.Kind, Text(fields, Endpoint), catalog),
            [.. fields.Where(field => !field.NameEquals(Endpoint) && !(Own.TryGetValue(job.Kind, out var own) && own.Contains(field.Name)))]
        );
        template.Check(job.Kind);
        if (job.Kind is JobKind.Importance or JobKind.Surrogate && !RowLabels.AreAll(job.Request))
        {
            throw InvalidRequestException.Malformed(
                $"{Field}.{RowLabels.Listed}",
                $"leaves labels out, of which a job of kind \"{EnumNames.Of(job.Kind)}\" needs all"
            );
        }

        if (job.Kind == JobKind.Importance)
        {
            CheckImportance(Importance(job));
        }

        Pieces(job);

        return template;
    }

    /// <summary>A request that names its model.</summary>
    public static JsonElement WithModel(JsonElement? request, string model)
    {
        var named = request is { } given ? JsonNode.Parse(given.GetRawText())!.AsObject() : [];
        named["model"] = model;
        using var document = JsonDocument.Parse(named.ToJsonString(JobsJson.Options));
        return document.RootElement.Clone();
    }

    /// <summary>What offsets count, in the rows' own spans as in the answers.</summary>
    public static OffsetUnit OffsetUnitOf(JobRequest job) =>
        job.Request is { ValueKind: JsonValueKind.Object } request
        && request.TryGetProperty("offset_unit", out var unit)
        && unit.ValueEquals(EnumNames.Of(OffsetUnit.Codepoint))
            ? OffsetUnit.Codepoint
            : OffsetUnit.Utf16;

    /// <summary>What a job of kind <c>importance</c> says beside how predictions are asked for.</summary>
    /// <exception cref="InvalidRequestException">400.</exception>
    public static ImportanceOptions Importance(JobRequest job)
    {
        var own = new JsonObject();
        foreach (var name in Own[JobKind.Importance])
        {
            if (job.Request is { ValueKind: JsonValueKind.Object } request && request.TryGetProperty(name, out var value))
            {
                own[name] = JsonNode.Parse(value.GetRawText());
            }
        }

        return Prefixed(() =>
            (ImportanceOptions)StrictJson.Read(JobsJson.Of<ImportanceOptions>(), Encoding.UTF8.GetBytes(own.ToJsonString()))
        );
    }

    /// <summary>Of kind <c>surrogate</c>: how many words a piece has that surrogates are taught too; 0: they are taught no pieces.</summary>
    /// <exception cref="InvalidRequestException">400.</exception>
    public static int Pieces(JobRequest job) =>
        job.Kind != JobKind.Surrogate ? 0
        : job.Request is not { } request || !request.TryGetProperty("pieces", out var given) ? DefaultPieces
        : given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var words) && words is >= 0 and <= MaxPieces ? words
        : throw InvalidRequestException.Malformed($"{Field}.pieces", FormattableString.Invariant($"must be from 0 to {MaxPieces}"));

    /// <summary>The same question as a prediction, for conditions on it.</summary>
    public RowTemplate AsPrediction(MethodCatalog catalog) => As(Prediction, catalog);

    /// <summary>What is common to all questions, asked of another endpoint.</summary>
    public RowTemplate As(string path, MethodCatalog catalog)
    {
        var shared = typeof(TextRequest).GetProperties().Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
        string[] asked =
        [
            "model",
            .. shared.Except([
                "granularity",
                "segments",
                "spans",
                "target",
                "against",
                "objective",
                "precision",
                "seed",
                "offset_unit",
                "quality",
            ]),
        ];
        return new RowTemplate(catalog.Methods.Single(one => one.Path == path), [.. fields.Where(field => asked.Contains(field.Name))]);
    }

    /// <summary>The same question to another model.</summary>
    public RowTemplate To(string other) => new(method, [.. fields.Where(field => !field.NameEquals("model"))], other);

    /// <summary>A row's request.</summary>
    public ExplainRequest Build(InputRow row) => row.Image is { } image ? Build("image", image, null) : Build(row.Text ?? "", row.Pair);

    /// <summary>A request about a text.</summary>
    public ExplainRequest Build(string text, string? pair) => Build("text", text, pair);

    private ExplainRequest Build(string input, string value, string? pair)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString(input, value);
            if (pair is not null)
            {
                json.WriteString("pair"u8, pair);
            }

            if (model is not null)
            {
                json.WriteString("model"u8, model);
            }

            foreach (var field in fields)
            {
                field.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return StrictJson.Read(method.RequestType, body.WrittenMemory);
    }

    private static IExplanationMethod Method(JobKind kind, string? path, MethodCatalog catalog)
    {
        if (Fixed.TryGetValue(kind, out var only))
        {
            path ??= only;
            if (path != only)
            {
                throw InvalidRequestException.Malformed(
                    $"{Field}.{Endpoint}",
                    $"must be \"{only}\" or left out of a job of kind \"{EnumNames.Of(kind)}\"; kind \"explain\" takes others"
                );
            }
        }

        path ??= kind == JobKind.Drift ? Prediction : null;
        IExplanationMethod[] possible = [.. catalog.Methods.Where(one => one.NeedsPrediction && IsFor(kind, one))];
        return Array.Find(possible, one => one.Path == path)
            ?? throw InvalidRequestException.Malformed(
                $"{Field}.{Endpoint}",
                "must be one of " + string.Join(", ", possible.Select(one => $"\"{one.Path}\""))
            );
    }

    private static bool IsFor(JobKind kind, IExplanationMethod method) =>
        kind is not (JobKind.Global or JobKind.Drift)
        || method.AnswerType.IsAssignableTo(typeof(UnitExplanation))
        || (kind == JobKind.Drift && method.Path == Prediction);

    private static string? Text(JsonProperty[] fields, string name) =>
        fields.Where(field => field.NameEquals(name)).Select(field => field.Value).FirstOrDefault()
            is { ValueKind: JsonValueKind.String } value
            ? value.GetString()
            : null;

    private void Check(JobKind kind)
    {
        if (fields.Select(field => field.Name).FirstOrDefault(name => IsOfRows(kind, name)) is { } ofRows)
        {
            throw InvalidRequestException.Malformed($"{Field}.{ofRows}", "comes from each row of the input, not from the request");
        }

        Prefixed(() =>
        {
            var request = Build("text", null);
            CheckKind(kind, request);
            RequestChecks.Check(request, mayBeBlank: false);
            method.Check(request);
            return request;
        });
    }

    private static bool IsOfRows(JobKind kind, string name) => OfRows.Contains(name) || (kind == JobKind.Neurons && name == "corpus");

    /// <summary>What is of one text alone, and what a kind cannot do without.</summary>
    private static void CheckKind(JobKind kind, ExplainRequest request)
    {
        if (request is CompareRequest { Methods: { } methods })
        {
            var scored = methods.Index().Where(method => method.Item.Scores is not null).Select(method => (int?)method.Index);
            if (scored.FirstOrDefault() is { } index)
            {
                throw InvalidRequestException.Malformed(
                    FormattableString.Invariant($"methods[{index}].scores"),
                    "are of one text; a job has many"
                );
            }
        }

        if (request is CompareRequest { Rationale: not null })
        {
            throw InvalidRequestException.Malformed("rationale", "is of one text; a job has many");
        }

        if (kind == JobKind.Neurons && request is NeuronsRequest { Neurons: null })
        {
            throw InvalidRequestException.Malformed("neurons", "must be given: their meanings are looked for in the rows");
        }
    }

    private static void CheckImportance(ImportanceOptions options)
    {
        if (options.Draws is < 0 or > MaxDraws)
        {
            throw InvalidRequestException.Malformed($"{Field}.draws", FormattableString.Invariant($"must be from 0 to {MaxDraws}"));
        }

        if (
            options.Features is { } features
            && (features.Count is 0 or > MaxFeatures || features.Any(one => TextFeatures.Words(one).Count == 0))
        )
        {
            throw InvalidRequestException.Malformed(
                $"{Field}.features",
                FormattableString.Invariant($"must be 1 to {MaxFeatures} words or phrases")
            );
        }
    }

    /// <summary>Fields of the request are named from the job.</summary>
    private static T Prefixed<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidRequestException wrong)
        {
            throw new InvalidRequestException(
                "request: " + wrong.Message,
                wrong.Errors.ToDictionary(error => $"{Field}.{error.Key}", error => error.Value),
                wrong.Impossible
            );
        }
    }
}
