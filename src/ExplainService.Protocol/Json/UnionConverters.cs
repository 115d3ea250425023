using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;
using ExplainService.Text.Units;

namespace ExplainService.Protocol.Json;

/// <summary><c>"positive"</c> or <c>1</c>.</summary>
internal sealed class LabelRequestConverter : JsonConverter<LabelRequest>
{
    /// <inheritdoc/>
    public override LabelRequest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.String => new LabelRequest(reader.GetString(), null),
            JsonTokenType.Number when reader.TryGetInt32(out var index) => new LabelRequest(null, index),
            _ => throw new JsonException("must be a label's name (a string) or its index (a whole number)"),
        };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, LabelRequest value, JsonSerializerOptions options)
    {
        if (value.Name is not null)
        {
            writer.WriteStringValue(value.Name);
        }
        else
        {
            writer.WriteNumberValue(value.Index ?? 0);
        }
    }
}

/// <summary><c>true</c>, <c>false</c>, 2 or 3.</summary>
internal sealed class InteractionsRequestConverter : JsonConverter<InteractionsRequest>
{
    /// <inheritdoc/>
    public override InteractionsRequest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.True => new InteractionsRequest(2),
            JsonTokenType.False => new InteractionsRequest(0),
            JsonTokenType.Number when reader.TryGetInt32(out var order) && order is 2 or 3 => new InteractionsRequest(order),
            _ => throw new JsonException("must be true, false, 2 or 3"),
        };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, InteractionsRequest value, JsonSerializerOptions options)
    {
        if (value.Order > 2)
        {
            writer.WriteNumberValue(value.Order);
        }
        else
        {
            writer.WriteBooleanValue(value.Order > 0);
        }
    }
}

/// <summary><c>"word"</c> or <c>["sentence", "word"]</c>.</summary>
internal sealed class GranularityRequestConverter : JsonConverter<GranularityRequest>
{
    /// <inheritdoc/>
    public override GranularityRequest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return reader.TokenType == JsonTokenType.String
                ? new GranularityRequest([EnumNameConverter<Granularity>.ReadName(ref reader)])
                : throw Wrong();
        }

        var levels = new List<Granularity>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            levels.Add(EnumNameConverter<Granularity>.ReadName(ref reader));
        }

        return levels.Count > 0 ? new GranularityRequest(levels) : throw Wrong();
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, GranularityRequest value, JsonSerializerOptions options)
    {
        if (value.Levels.Count == 1)
        {
            writer.WriteStringValue(EnumNames.Of(value.Levels[0]));
            return;
        }

        writer.WriteStartArray();
        foreach (var level in value.Levels)
        {
            writer.WriteStringValue(EnumNames.Of(level));
        }

        writer.WriteEndArray();
    }

    private static JsonException Wrong() => new("must be " + EnumNames.Choices<Granularity>() + ", or a list of them from coarse to fine");
}

/// <summary>A name, or <c>{"text": "…"}</c>.</summary>
internal abstract class NameOrTextConverter<TUnion, TKind>(
    TKind textKind,
    Func<TKind, string?, TUnion> create,
    Func<TUnion, (TKind, string?)> open
) : JsonConverter<TUnion>
    where TKind : struct, Enum
    where TUnion : class
{
    /// <inheritdoc/>
    public override TUnion Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return create(EnumNameConverter<TKind>.ReadName(ref reader, textKind), null);
        }

        if (
            reader.TokenType != JsonTokenType.StartObject
            || !reader.Read()
            || reader.TokenType != JsonTokenType.PropertyName
            || !reader.ValueTextEquals("text"u8)
            || !reader.Read()
            || reader.TokenType != JsonTokenType.String
            || reader.GetString() is not { } text
            || !reader.Read()
            || reader.TokenType != JsonTokenType.EndObject
        )
        {
            throw new JsonException("must be " + EnumNames.Choices<TKind>(textKind) + ", or {\"text\": \"…\"}");
        }

        return create(textKind, text);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TUnion value, JsonSerializerOptions options)
    {
        var (kind, text) = open(value);
        if (kind.Equals(textKind))
        {
            writer.WriteStartObject();
            writer.WriteString("text"u8, text);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteStringValue(EnumNames.Of(kind));
        }
    }
}

/// <summary><c>"pad" | "mask" | "zero" | "mean"</c> or <c>{"text": "…"}</c>.</summary>
internal sealed class BaselineRequestConverter()
    : NameOrTextConverter<BaselineRequest, BaselineKind>(
        BaselineKind.Text,
        (kind, text) => new BaselineRequest(kind, text),
        value => (value.Kind, value.Text)
    );

/// <summary><c>"mask" | "pad" | "delete"</c> or <c>{"text": "…"}</c>.</summary>
internal sealed class ReplacementRequestConverter()
    : NameOrTextConverter<ReplacementRequest, ReplacementKind>(
        ReplacementKind.Text,
        (kind, text) => new ReplacementRequest(kind, text),
        value => (value.Kind, value.Text)
    );
