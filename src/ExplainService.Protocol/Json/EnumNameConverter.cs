using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;

namespace ExplainService.Protocol.Json;

/// <summary>Enums as exact snake_case names; never numbers, never another case.</summary>
internal sealed class EnumNameConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    /// <summary>Reads a name.</summary>
    /// <param name="reader">At the value.</param>
    /// <param name="except">A value that cannot be named alone (<c>text</c> of a union).</param>
    /// <exception cref="JsonException">Not one of the names, which the message lists.</exception>
    public static T ReadName(ref Utf8JsonReader reader, T? except = null) =>
        reader.TokenType == JsonTokenType.String && EnumNames.TryRead<T>(reader.GetString(), out var value) && !value.Equals(except)
            ? value
            : throw new JsonException("must be " + EnumNames.Choices(except));

    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ReadName(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(EnumNames.Of(value));
}

/// <summary>Gives every enum its converter, new ones included.</summary>
internal sealed class EnumNameConverterFactory : JsonConverterFactory
{
    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    /// <inheritdoc/>
    public override JsonConverter? CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter?)Activator.CreateInstance(typeof(EnumNameConverter<>).MakeGenericType(typeToConvert));
}
