using System.Globalization;
using System.Runtime.CompilerServices;
using ExplainService.Jobs.Contracts;
using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Problems;
using Parquet;
using Parquet.Schema;

namespace ExplainService.Jobs.Inputs;

/// <summary>Rows of a Parquet file: the columns that are asked for, a row group at a time.</summary>
internal static class ParquetRows
{
    /// <summary>The rows, in order.</summary>
    /// <exception cref="InvalidRequestException">422: a column is missing, or of no type that could be read.</exception>
    /// <exception cref="RefusedRequestException">413, 422.</exception>
    public static async IAsyncEnumerable<InputRow> ReadAsync(
        Stream content,
        JobColumns columns,
        long limit,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var reader = await ReadAsync(() =>
                ParquetReader.CreateAsync(
                    content,
                    new ParquetOptions { TreatByteArrayAsString = true },
                    leaveStreamOpen: true,
                    cancellationToken
                )
            )
            .ConfigureAwait(false);
        await using var opened = reader.ConfigureAwait(false);
        var fields = reader.Schema.GetDataFields();
        var text = Find(fields, columns.Text ?? "text", "columns.text", required: true);
        var pair = Find(fields, columns.Pair ?? "pair", "columns.pair", required: columns.Pair is not null);
        var label = Find(fields, columns.Label ?? "label", "columns.label", required: columns.Label is not null);
        var id = Find(fields, columns.Id ?? "id", "columns.id", required: columns.Id is not null);
        var slice = columns.Slice is { } column ? Find(fields, column, "columns.slice", required: true) : null;
        var redact = columns.Redact is { } redacted ? Find(fields, redacted, "columns.redact", required: true) : null;
        var (number, bytes) = (0L, 0L);
        for (var group = 0; group < reader.RowGroupCount; group++)
        {
            using var rows = reader.OpenRowGroupReader(group);
            bytes += new[] { text, pair, label, id, slice, redact }.Sum(field =>
                field is null ? 0 : rows.GetMetadata(field)?.MetaData?.TotalUncompressedSize ?? 0
            );
            InputLimits.Check(bytes, limit);
            var texts = await ColumnAsync(rows, text, cancellationToken).ConfigureAwait(false);
            var pairs = await ColumnAsync(rows, pair, cancellationToken).ConfigureAwait(false);
            var labels = await ColumnAsync(rows, label, cancellationToken).ConfigureAwait(false);
            var ids = await ColumnAsync(rows, id, cancellationToken).ConfigureAwait(false);
            var slices = await ColumnAsync(rows, slice, cancellationToken).ConfigureAwait(false);
            var spans = await ColumnAsync(rows, redact, cancellationToken).ConfigureAwait(false);
            for (var row = 0; row < rows.RowCount; row++)
            {
                number++;
                var name = ids?[row] is { Length: > 0 } given ? Id(given, id!) : null;
                yield return texts![row] is { } content_
                    ? new InputRow
                    {
                        Row = number,
                        Id = name,
                        Text = content_,
                        Pair = pairs?[row],
                        Label = labels?[row],
                        Slice = slices?[row],
                        Redact = spans?[row] is { Length: > 0 } stretches ? stretches : null,
                    }
                    : InputRow.Wrong(number, $"The column \"{text!.Name}\" is null.", name);
            }
        }
    }

    private static RequestId Id(string name, DataField field) => IsText(field) ? RowIds.Of(name) : new RequestId(name);

    private static bool IsText(DataField field) => field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>);

    private static DataField? Find(DataField[] fields, string name, string field, bool required) =>
        Array.Find(fields, one => one.Path.ToString() == name)
        ?? (
            required
                ? throw InvalidRequestException.CannotDo(
                    field,
                    $"The input has no column \"{name}\"; it has {string.Join(", ", fields.Take(20).Select(known => $"\"{known.Path}\""))}."
                )
                : null
        );

    private static async Task<string?[]?> ColumnAsync(ParquetRowGroupReader rows, DataField? field, CancellationToken cancellationToken) =>
        field is null ? null : await ReadAsync(() => TextsAsync(rows, field, cancellationToken)).ConfigureAwait(false);

    private static async Task<string?[]> TextsAsync(ParquetRowGroupReader rows, DataField field, CancellationToken cancellationToken)
    {
        if (field.IsArray)
        {
            throw InvalidRequestException.CannotDo("columns", $"The column \"{field.Name}\" holds lists.");
        }

        if (IsText(field))
        {
            var texts = new string?[rows.RowCount];
            await rows.ReadAsync(field, texts.AsMemory(), cancellationToken: cancellationToken).ConfigureAwait(false);
            return texts;
        }

        return field.ClrType switch
        {
            var type when type == typeof(int) => await NumbersAsync<int>(rows, field, cancellationToken).ConfigureAwait(false),
            var type when type == typeof(long) => await NumbersAsync<long>(rows, field, cancellationToken).ConfigureAwait(false),
            var type when type == typeof(short) => await NumbersAsync<short>(rows, field, cancellationToken).ConfigureAwait(false),
            var type when type == typeof(sbyte) => await NumbersAsync<sbyte>(rows, field, cancellationToken).ConfigureAwait(false),
            var type when type == typeof(byte) => await NumbersAsync<byte>(rows, field, cancellationToken).ConfigureAwait(false),
            var type when type == typeof(uint) => await NumbersAsync<uint>(rows, field, cancellationToken).ConfigureAwait(false),
            var type when type == typeof(double) => await NumbersAsync<double>(rows, field, cancellationToken).ConfigureAwait(false),
            _ => throw InvalidRequestException.CannotDo("columns", $"The column \"{field.Name}\" is neither of texts nor of numbers."),
        };
    }

    private static async Task<string?[]> NumbersAsync<T>(ParquetRowGroupReader rows, DataField field, CancellationToken cancellationToken)
        where T : struct, IFormattable
    {
        if (field.IsNullable)
        {
            var some = new T?[rows.RowCount];
            await rows.ReadAsync(field, some.AsMemory(), cancellationToken: cancellationToken).ConfigureAwait(false);
            return [.. some.Select(number => number?.ToString(null, CultureInfo.InvariantCulture))];
        }

        var all = new T[rows.RowCount];
        await rows.ReadAsync(field, all.AsMemory(), cancellationToken: cancellationToken).ConfigureAwait(false);
        return [.. all.Select(number => number.ToString(null, CultureInfo.InvariantCulture))];
    }

    /// <summary>Whatever the library meets in a file that is none of Parquet is the file's fault.</summary>
    private static async Task<T> ReadAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (Exception broken)
            when (broken
                    is not OperationCanceledException
                        and not InvalidRequestException
                        and not RefusedRequestException
                        and not OutOfMemoryException
            )
        {
            throw new RefusedRequestException(422, "The input is not a Parquet file that can be read.");
        }
    }
}
