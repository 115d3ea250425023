using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;

namespace ExplainService.Protocol.Json;

/// <summary>One of some names, spelled exactly.</summary>
internal sealed class ChoiceConverter<TChoices> : JsonConverter<Choice<TChoices>>
    where TChoices : IChoices
{
    /// <inheritdoc/>
    public override Choice<TChoices> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { } name && TChoices.Names.Contains(name)
            ? name
            : throw new JsonException("must be one of " + string.Join(", ", TChoices.Names.Select(known => $"\"{known}\"")));

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Choice<TChoices> value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Name);
}

/// <summary>Gives every choice its converter, new ones included.</summary>
internal sealed class ChoiceConverterFactory : JsonConverterFactory
{
    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Choice<>);

    /// <inheritdoc/>
    public override JsonConverter? CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter?)Activator.CreateInstance(typeof(ChoiceConverter<>).MakeGenericType(typeToConvert.GetGenericArguments()));
}
