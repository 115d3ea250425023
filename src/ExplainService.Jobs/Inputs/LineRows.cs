using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;
using ExplainService.Jobs.Contracts;
using ExplainService.Methods.Contracts;

namespace ExplainService.Jobs.Inputs;

/// <summary>Rows of NDJSON: an object a line, whose fields are columns. Blank lines are none.</summary>
internal static class LineRows
{
    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = 32 };

    /// <summary>The rows, in order.</summary>
    public static async IAsyncEnumerable<InputRow> ReadAsync(
        Stream content,
        JobColumns columns,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var reader = PipeReader.Create(content);
        var number = 0L;
        var skipping = false;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                if (Row(buffer.Slice(0, end), skipping, columns, ref number) is { } row)
                {
                    yield return row;
                }

                skipping = false;
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            if (result.IsCompleted)
            {
                if (Row(buffer, skipping, columns, ref number) is { } last)
                {
                    yield return last;
                }

                break;
            }

            // What is over the limit is not held until its end.
            skipping |= buffer.Length > InputLimits.RowBytes;
            reader.AdvanceTo(skipping ? buffer.End : buffer.Start, buffer.End);
        }

        await reader.CompleteAsync().ConfigureAwait(false);
    }

    private static InputRow? Row(ReadOnlySequence<byte> line, bool skipped, JobColumns columns, ref long number)
    {
        if (skipped || line.Length > InputLimits.RowBytes)
        {
            return InputRow.Wrong(++number, FormattableString.Invariant($"The line is over the limit of {InputLimits.RowBytes} bytes."));
        }

        var bytes = line.ToArray().AsMemory();
        if (number == 0 && bytes.Span.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
        }

        return bytes.Span.IndexOfAnyExcept(" \t\r"u8) < 0 ? null : Row(bytes, columns, ++number);
    }

    private static InputRow Row(ReadOnlyMemory<byte> line, JobColumns columns, long number)
    {
        if (!Utf8.IsValid(line.Span))
        {
            return InputRow.Wrong(number, "The line is not valid UTF-8.");
        }

        try
        {
            using var document = JsonDocument.Parse(line, Depth);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Row(document.RootElement, columns, number)
                : InputRow.Wrong(number, "The line is not a JSON object.");
        }
        catch (JsonException)
        {
            return InputRow.Wrong(number, "The line is not valid JSON.");
        }
        catch (InvalidOperationException)
        {
            return InputRow.Wrong(number, "The line holds half of a surrogate pair, which is not valid Unicode.");
        }
    }

    private static InputRow Row(JsonElement line, JobColumns columns, long number)
    {
        var id = Field(line, columns.Id, "id") is { ValueKind: JsonValueKind.String or JsonValueKind.Number } name ? RowIds.Of(name) : null;
        if (Field(line, columns.Text, "text") is not { ValueKind: JsonValueKind.String } text)
        {
            return InputRow.Wrong(number, $"The field \"{columns.Text ?? "text"}\" is not a string.", id);
        }

        var pair = Field(line, columns.Pair, "pair");
        if (pair is { ValueKind: not JsonValueKind.String })
        {
            return InputRow.Wrong(number, $"The field \"{columns.Pair ?? "pair"}\" is not a string.", id);
        }

        // A misspelt name must not leave everything in sight.
        if (columns.Redact is { } wanted && !line.TryGetProperty(wanted, out _))
        {
            return InputRow.Wrong(number, $"There is no field \"{wanted}\", which names what is masked (null: nothing).", id);
        }

        return new InputRow
        {
            Row = number,
            Id = id,
            Text = text.GetString(),
            Pair = pair?.GetString(),
            Label = Field(line, columns.Label, "label") is { } label ? RowIds.Plain(label) : null,
            Slice =
                columns.Slice is { } column && line.TryGetProperty(column, out var slice) && slice.ValueKind != JsonValueKind.Null
                    ? RowIds.Plain(slice)
                    : null,
            Redact =
                columns.Redact is { } redacted && line.TryGetProperty(redacted, out var spans) && spans.ValueKind != JsonValueKind.Null
                    ? spans.GetRawText()
                    : null,
        };
    }

    private static JsonElement? Field(JsonElement line, string? name, string otherwise) =>
        line.TryGetProperty(name ?? otherwise, out var field) && field.ValueKind != JsonValueKind.Null ? field : null;
}

/// <summary>Callers' names of rows and their labels.</summary>
internal static class RowIds
{
    /// <summary>A name as it is written back: digit for digit.</summary>
    public static RequestId Of(JsonElement name) =>
        name.ValueKind == JsonValueKind.String ? Of(name.GetString()!) : new RequestId(name.GetRawText());

    /// <summary>A name that is a text.</summary>
    public static RequestId Of(string name) => new('"' + JsonEncodedText.Encode(name, JobsJson.Options.Encoder).ToString() + '"');

    /// <summary>A value without its quotation marks.</summary>
    public static string Plain(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
