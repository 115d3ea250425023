using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;
using ExplainService.Methods.Contracts;

namespace ExplainService.Protocol.Privacy;

/// <summary>
/// Masks what patterns find, in texts as they come in: before a model reads them, so that nothing behind (answers, token ids, pictures, results,
/// what is kept of a job) can tell it. What is masked keeps its length in UTF-16 and in code points, so that offsets are those of the text as sent.
/// </summary>
/// <param name="patterns">The patterns; each must take linear time.</param>
public sealed class Redaction(IReadOnlyList<Regex> patterns)
{
    /// <summary>What stands for a character.</summary>
    public const char Mask = '\u2588';

    /// <summary>What stands for a character of two UTF-16 units.</summary>
    private const string WideMask = "\U0001F532";

    /// <summary>Fields whose strings are the service's names, not a caller's words.</summary>
    private static readonly string[] Names = ["model", "fill_model", "endpoint", "path", "role", "image"];

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Nothing is masked.</summary>
    public static Redaction None { get; } = new([]);

    /// <summary>Whether there is anything to look for.</summary>
    public bool IsOn => patterns.Count > 0;

    /// <summary>A pattern that takes time in proportion to the text, whatever the text.</summary>
    /// <exception cref="ArgumentException">It is no pattern.</exception>
    /// <exception cref="NotSupportedException">It needs to look back or ahead, which takes a hostile text for ever.</exception>
    public static Regex Pattern(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>A text without what the patterns find in it.</summary>
    public string Masked(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        char[]? masked = null;
        foreach (var pattern in patterns)
        {
            // Each looks at the text as it came: what one masks is no less there for the others.
            foreach (var match in pattern.EnumerateMatches(text))
            {
                masked ??= text.ToCharArray();
                Cover(text, match.Index, match.Index + match.Length, masked);
            }
        }

        return masked is null ? text : new string(masked);
    }

    /// <summary>
    /// A body of JSON with every string of it masked, but for names of models and endpoints. What is no JSON stays as it is: whoever reads it
    /// refuses it.
    /// </summary>
    /// <exception cref="InvalidRequestException">A string is no Unicode.</exception>
    public ReadOnlyMemory<byte> Masked(ReadOnlyMemory<byte> json)
    {
        if (!IsOn)
        {
            return json;
        }

        try
        {
            return Rewritten(json.Span.StartsWith(ByteOrderMark) ? json[ByteOrderMark.Length..] : json);
        }
        catch (JsonException)
        {
            return json;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, which some fields would take: what cannot be searched is not let through.
            throw InvalidRequestException.Malformed("(body)", "holds a string that is not valid Unicode");
        }
    }

    private ReadOnlyMemory<byte> Rewritten(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span);
        var output = new ArrayBufferWriter<byte>(json.Length + 16);
        using var writer = new Utf8JsonWriter(
            output,
            new JsonWriterOptions { SkipValidation = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
        );
        var (field, isChanged) = ("", false);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    writer.WriteStartObject();
                    break;
                case JsonTokenType.EndObject:
                    writer.WriteEndObject();
                    break;
                case JsonTokenType.StartArray:
                    writer.WriteStartArray();
                    break;
                case JsonTokenType.EndArray:
                    writer.WriteEndArray();
                    break;
                case JsonTokenType.PropertyName:
                    field = reader.GetString()!;
                    writer.WritePropertyName(field);
                    break;
                case JsonTokenType.String:
                    var text = reader.GetString()!;
                    var masked = Names.Contains(field) ? text : Masked(text);
                    isChanged |= masked != text;
                    writer.WriteStringValue(masked);
                    break;
                default:
                    writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                    break;
            }
        }

        writer.Flush();
        return isChanged ? output.WrittenMemory : json;
    }

    /// <summary>Writes the mask over a part of a text, a character each.</summary>
    internal static void Cover(string text, int start, int end, char[] masked)
    {
        for (var index = start; index < end; index++)
        {
            if (index + 1 < end && char.IsSurrogatePair(text, index))
            {
                (masked[index], masked[index + 1]) = (WideMask[0], WideMask[1]);
                index++;
            }
            else
            {
                masked[index] = Mask;
            }
        }
    }
}
