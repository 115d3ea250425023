using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ExplainService.Methods;
using ExplainService.Methods.Contracts;

namespace ExplainService.Protocol.Json;

/// <summary><c>{"endpoint": "/shap", …}</c> with the endpoint's fields, or <c>{"scores": […]}</c>.</summary>
internal sealed class ExplanationSourceConverter : JsonConverter<ExplanationSource>
{
    /// <inheritdoc/>
    public override ExplanationSource Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var element = document.RootElement;
        if (ExplanationSources.Problem(element) is { } problem)
        {
            throw new JsonException(problem.Text);
        }

        var (type, apart) = ExplanationSources.PartOf(element, options);
        var part = ExplanationSources.Without(element, apart).Deserialize(type);
        var name = element.TryGetProperty(ExplanationSources.Name, out var called) ? called.GetString() : null;
        return part is ScoredSource scored
            ? new ExplanationSource { Name = name, Scores = scored.Scores }
            : new ExplanationSource
            {
                Name = name,
                Endpoint = element.GetProperty(ExplanationSources.Endpoint).GetString(),
                Request = (TextRequest?)part,
            };
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ExplanationSource value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(options);
        object part = value.Request is { } request ? request : new ScoredSource { Scores = value.Scores ?? [] };
        var fields = JsonSerializer.SerializeToNode(part, options.GetTypeInfo(part.GetType()))!.AsObject();
        if (value.Endpoint is not null)
        {
            fields[ExplanationSources.Endpoint] = value.Endpoint;
        }

        if (value.Name is not null)
        {
            fields[ExplanationSources.Name] = value.Name;
        }

        fields.WriteTo(writer, options);
    }
}

/// <summary>Scores of the caller's, as they stand in JSON.</summary>
internal sealed record ScoredSource
{
    /// <summary>The scores.</summary>
    public required IReadOnlyList<ScoreRequest> Scores { get; init; }
}

/// <summary>Which of the two a source is, and what is wrong where it is neither.</summary>
internal static class ExplanationSources
{
    /// <summary>Names the endpoint.</summary>
    public const string Endpoint = "endpoint";

    /// <summary>What it is called beside others.</summary>
    public const string Name = "name";

    private const string Scores = "scores";

    /// <summary>Endpoints whose answers score parts of a text.</summary>
    public static IEnumerable<IExplanationMethod> Methods => MethodCatalog.Default.Methods.Where(method => method.ScoresParts);

    /// <summary>What is wrong with the object as a whole, and which of its fields is; null: nothing.</summary>
    public static (string? Field, string Text)? Problem(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return (null, "must be an object with an endpoint and its fields, or with scores");
        }

        if (!HasReadableTexts(element))
        {
            return (null, "holds half a surrogate pair, which is not valid Unicode");
        }

        var (own, foreign) = (element.TryGetProperty(Endpoint, out var endpoint), element.TryGetProperty(Scores, out _));
        if (own == foreign)
        {
            return (null, "must have either an endpoint, with its fields, or scores");
        }

        if (element.TryGetProperty(Name, out var name) && name.ValueKind != JsonValueKind.String)
        {
            return (Name, "must be a string");
        }

        return own && MethodOf(endpoint) is null
            ? (Endpoint, "must be one of " + string.Join(", ", Methods.Select(method => $"\"{method.Path}\"")))
            : null;
    }

    /// <summary>What an object without <see cref="Problem"/> is read as, and which of its fields stand apart from that.</summary>
    public static (JsonTypeInfo Type, string[] Apart) PartOf(JsonElement element, JsonSerializerOptions options) =>
        element.TryGetProperty(Endpoint, out var endpoint)
            ? (options.GetTypeInfo(MethodOf(endpoint)!.RequestType), [Endpoint, Name])
            : (options.GetTypeInfo(typeof(ScoredSource)), [Name]);

    /// <summary>The object without some fields.</summary>
    public static JsonElement Without(JsonElement element, string[] apart)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            foreach (var member in element.EnumerateObject().Where(member => !apart.Contains(member.Name)))
            {
                member.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        using var document = JsonDocument.Parse(bytes.WrittenMemory);
        return document.RootElement.Clone();
    }

    /// <summary>Whether the names of its fields, and the texts among them, can be read: JSON may escape what is no text.</summary>
    private static bool HasReadableTexts(JsonElement element)
    {
        try
        {
            return element
                .EnumerateObject()
                .All(member =>
                    member.Name is not null && (member.Value.ValueKind != JsonValueKind.String || member.Value.GetString() is not null)
                );
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static IExplanationMethod? MethodOf(JsonElement endpoint) =>
        endpoint.ValueKind == JsonValueKind.String && endpoint.GetString() is { } path
            ? Methods.FirstOrDefault(method => method.Path == path)
            : null;
}
