using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Text;

namespace ExplainService.Protocol.Privacy;

/// <summary>
/// Masks the stretches of its text that a request names (<c>redact</c>), where it is read: as with <see cref="Redaction"/> nothing behind that
/// can tell what stood there, and offsets are those of the text as sent.
/// </summary>
public static class SpanMask
{
    private const string Field = "redact";

    /// <summary>The request without what it wants to be masked.</summary>
    /// <exception cref="InvalidRequestException">400: a span is none, or there is no text that it could be of.</exception>
    public static ExplainRequest Apply(ExplainRequest request) =>
        request is not TextRequest { Redact: { } spans } given ? request
        : given.Text is not { } text ? throw InvalidRequestException.Malformed(Field, "masks stretches of text, which is not given")
        : given with { Text = Masked(text, spans, given.OffsetUnit ?? OffsetUnit.Utf16) };

    /// <summary>A text without stretches of it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="spans">The stretches, as a JSON list of [start, end].</param>
    /// <param name="unit">What they count.</param>
    /// <exception cref="InvalidRequestException">They are none.</exception>
    public static string Masked(string text, string spans, OffsetUnit unit)
    {
        try
        {
            return Masked(text, JsonSerializer.Deserialize(spans, SpanJson.Default.Int32ArrayArray) ?? throw NoSpans(), unit);
        }
        catch (JsonException)
        {
            throw NoSpans();
        }
    }

    private static InvalidRequestException NoSpans() => InvalidRequestException.Malformed(Field, "must be a list of [start, end]");

    private static string Masked(string text, IReadOnlyList<IReadOnlyList<int>?> spans, OffsetUnit unit)
    {
        if (spans.Count > RequestChecks.MaxSpans)
        {
            throw InvalidRequestException.Malformed(
                Field,
                FormattableString.Invariant($"must have at most {RequestChecks.MaxSpans} spans")
            );
        }

        var offsets = new OffsetUnits(text);
        var length = unit == OffsetUnit.Codepoint ? offsets.CodePoints : offsets.CodeUnits;
        var masked = text.ToCharArray();
        foreach (var (index, span) in spans.Index())
        {
            if (span is not [var start, var end] || start < 0 || end < start || end > length)
            {
                throw InvalidRequestException.Malformed(
                    FormattableString.Invariant($"{Field}[{index}]"),
                    FormattableString.Invariant($"must be [start, end] with 0 ≤ start ≤ end ≤ {length}, the length of text")
                );
            }

            var (from, to) = unit == OffsetUnit.Codepoint ? (offsets.ToUtf16(start), offsets.ToUtf16(end)) : Whole(text, start, end);
            Redaction.Cover(text, from, to, masked);
        }

        return new string(masked);
    }

    /// <summary>Half of a character would tell the other half: all of it is masked.</summary>
    private static (int From, int To) Whole(string text, int start, int end) =>
        start == end ? (start, end) : (Splits(text, start) ? start - 1 : start, Splits(text, end) ? end + 1 : end);

    private static bool Splits(string text, int at) => at > 0 && at < text.Length && char.IsSurrogatePair(text[at - 1], text[at]);
}

/// <summary>Spans as a row of a job has them, compiled.</summary>
[JsonSerializable(typeof(int[][]))]
internal sealed partial class SpanJson : JsonSerializerContext;
