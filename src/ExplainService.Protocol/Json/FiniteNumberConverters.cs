using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ExplainService.Protocol.Json;

/// <summary>JSON has no NaN and no infinity: refused when read (<c>1e999</c>), written as null.</summary>
internal abstract class FiniteNumberConverter<T> : JsonConverter<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && TryRead(ref reader, out var value) && T.IsFinite(value)
            ? value
            : throw new JsonException("must be a finite number");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        if (T.IsFinite(value))
        {
            WriteNumber(writer, value);
        }
        else
        {
            writer.WriteNullValue();
        }
    }

    /// <summary>Reads a number, if it is one of this size.</summary>
    protected abstract bool TryRead(ref Utf8JsonReader reader, out T value);

    /// <summary>Writes a number that is finite.</summary>
    protected abstract void WriteNumber(Utf8JsonWriter writer, T value);
}

/// <summary>Of scores and sizes.</summary>
internal sealed class FiniteDoubleConverter : FiniteNumberConverter<double>
{
    /// <inheritdoc/>
    protected override bool TryRead(ref Utf8JsonReader reader, out double value) => reader.TryGetDouble(out value);

    /// <inheritdoc/>
    protected override void WriteNumber(Utf8JsonWriter writer, double value) => writer.WriteNumberValue(value);
}

/// <summary>Of attention maps, which are in single precision.</summary>
internal sealed class FiniteSingleConverter : FiniteNumberConverter<float>
{
    /// <inheritdoc/>
    protected override bool TryRead(ref Utf8JsonReader reader, out float value) => reader.TryGetSingle(out value);

    /// <inheritdoc/>
    protected override void WriteNumber(Utf8JsonWriter writer, float value) => writer.WriteNumberValue(value);
}
