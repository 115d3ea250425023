using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;

namespace ExplainService.Protocol.Json;

/// <summary>Reads and writes the caller's names of requests: a string, or a number with every digit that it was sent with.</summary>
internal sealed class RequestIdConverter : JsonConverter<RequestId>
{
    /// <inheritdoc/>
    public override RequestId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        RequestIds.Of(ref reader) ?? throw new JsonException("must be a string or a number");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, RequestId value, JsonSerializerOptions options) => writer.WriteRawValue(value.Json);
}

/// <summary>Finds the caller's name of a request that is wrong in some other way.</summary>
internal static class RequestIds
{
    private const string Field = "id";

    /// <summary>The name in a line, as far as the line is JSON; null where it has none.</summary>
    public static RequestId? Find(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = ServiceJson.Options.MaxDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isId = reader.ValueTextEquals(Field);
                reader.Read();
                if (isId)
                {
                    return Of(ref reader);
                }

                reader.Skip();
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // Behind what is no JSON there is no name.
        }

        return null;
    }

    /// <summary>The value that a reader is at; null where it is neither a string nor a number.</summary>
    public static RequestId? Of(ref Utf8JsonReader reader) =>
        reader.TokenType switch
        {
            JsonTokenType.String => new RequestId(
                '"' + JsonEncodedText.Encode(reader.GetString()!, ServiceJson.Options.Encoder).ToString() + '"'
            ),
            JsonTokenType.Number => new RequestId(
                Encoding.ASCII.GetString(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan)
            ),
            _ => null,
        };
}
