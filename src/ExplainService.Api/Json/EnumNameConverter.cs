using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ExplainService.Api.Json;

/// <summary>The snake_case names of an enum, as they stand in JSON.</summary>
internal static class EnumNames<T>
    where T : struct, Enum
{
    /// <summary>Value → name.</summary>
    public static FrozenDictionary<T, string> ByValue { get; } =
        Enum.GetValues<T>().ToFrozenDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

    /// <summary>Name → value.</summary>
    public static FrozenDictionary<string, T> ByName { get; } = ByValue.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>Reads a name, spelled exactly.</summary>
    /// <param name="reader">At the value.</param>
    /// <param name="except">A value that cannot be named alone (<c>text</c> of a union).</param>
    /// <exception cref="JsonException">Not one of the names, which the message lists.</exception>
    public static T Read(ref Utf8JsonReader reader, T? except = null)
    {
        if (reader.TokenType == JsonTokenType.String
            && ByName.TryGetValue(reader.GetString()!, out var value)
            && !value.Equals(except))
        {
            return value;
        }

        throw new JsonException("must be " + Choices(except));
    }

    /// <summary>The names as a sentence's end: <c>one of "a", "b"</c>.</summary>
    public static string Choices(T? except = null) =>
        "one of " + string.Join(", ", Enum.GetValues<T>().Where(value => !value.Equals(except)).Select(value => $"\"{ByValue[value]}\""));
}

/// <summary>Enums as exact snake_case names; never numbers, never another case.</summary>
internal sealed class EnumNameConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => EnumNames<T>.Read(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(EnumNames<T>.ByValue[value]);
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
