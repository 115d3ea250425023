using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using ExplainService.Jobs.Contracts;
using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Problems;

namespace ExplainService.Jobs.Inputs;

/// <summary>Rows of comma-separated values (RFC 4180) or tab-separated ones, whose first row names the columns.</summary>
internal static class DelimitedRows
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The rows, in order.</summary>
    /// <exception cref="InvalidRequestException">422: there is no header, or it lacks a column that is named.</exception>
    /// <exception cref="RefusedRequestException">422: behind some row it cannot be read.</exception>
    public static async IAsyncEnumerable<InputRow> ReadAsync(
        Stream content,
        string delimiter,
        JobColumns columns,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var reader = new StreamReader(content, Utf8, detectEncodingFromByteOrderMarks: true);
        using var parser = new CsvParser(
            reader,
            new CsvConfiguration(CultureInfo.InvariantCulture)
            {
                Delimiter = delimiter,
                // Tab-separated values know no quotation marks (IANA); of others a stray one is a character of its field.
                Mode = delimiter == "\t" ? CsvMode.NoEscape : CsvMode.RFC4180,
                BadDataFound = null,
                MaxFieldSize = InputLimits.RowBytes,
                IgnoreBlankLines = true,
            }
        );
        var number = 0L;
        if (!await NextAsync(parser, number, cancellationToken).ConfigureAwait(false))
        {
            throw InvalidRequestException.CannotDo("input", "The input holds no header: its first row names the columns.");
        }

        var header = new Header(parser.Record!, columns);
        while (await NextAsync(parser, number, cancellationToken).ConfigureAwait(false))
        {
            yield return header.Row(parser.Record!, ++number);
        }
    }

    private static async Task<bool> NextAsync(CsvParser parser, long number, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await parser.ReadAsync().ConfigureAwait(false);
        }
        catch (MaxFieldSizeException)
        {
            throw new RefusedRequestException(
                422,
                FormattableString.Invariant(
                    $"A field after row {number} is over {InputLimits.RowBytes} characters; perhaps a quotation mark is never closed."
                )
            );
        }
        catch (DecoderFallbackException)
        {
            throw new RefusedRequestException(422, FormattableString.Invariant($"The input is not valid UTF-8 soon after row {number}."));
        }
    }

    /// <summary>Where the columns are.</summary>
    private sealed class Header
    {
        private readonly int width;
        private readonly int text;
        private readonly int pair;
        private readonly int label;
        private readonly int id;
        private readonly int slice;
        private readonly int redact;

        public Header(string[] names, JobColumns columns)
        {
            width = names.Length;
            text = Find(names, columns.Text ?? "text", "columns.text", required: true);
            pair = Find(names, columns.Pair ?? "pair", "columns.pair", required: columns.Pair is not null);
            label = Find(names, columns.Label ?? "label", "columns.label", required: columns.Label is not null);
            id = Find(names, columns.Id ?? "id", "columns.id", required: columns.Id is not null);
            slice = columns.Slice is { } column ? Find(names, column, "columns.slice", required: true) : -1;
            redact = columns.Redact is { } redacted ? Find(names, redacted, "columns.redact", required: true) : -1;
        }

        public InputRow Row(string[] fields, long number) =>
            fields.Length != width
                ? InputRow.Wrong(number, FormattableString.Invariant($"The row has {fields.Length} fields; the header has {width}."))
                : new InputRow
                {
                    Row = number,
                    Id = At(fields, id) is { Length: > 0 } name ? RowIds.Of(name) : null,
                    Text = fields[text],
                    Pair = At(fields, pair),
                    Slice = At(fields, slice) is { Length: > 0 } value ? value : null,
                    Redact = At(fields, redact) is { Length: > 0 } spans ? spans : null,
                    Label = At(fields, label) is { Length: > 0 } given ? given : null,
                };

        private static string? At(string[] fields, int column) => column < 0 ? null : fields[column];

        private static int Find(string[] names, string name, string field, bool required)
        {
            var column = Array.IndexOf(names, name);
            return column >= 0 || !required
                ? column
                : throw InvalidRequestException.CannotDo(
                    field,
                    $"The input has no column \"{name}\"; it has {string.Join(", ", names.Take(20).Select(known => $"\"{known}\""))}."
                );
        }
    }
}
