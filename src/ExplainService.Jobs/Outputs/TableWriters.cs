using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using ExplainService.Jobs.Inputs;
using Parquet;
using Parquet.Schema;

namespace ExplainService.Jobs.Outputs;

/// <summary>Lines of results as tables.</summary>
internal static class TableWriters
{
    private const int RowsOfGroup = 4096;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private static readonly DataField<long> Row = new("row");
    private static readonly DataField<string> Id = new("id");
    private static readonly DataField<string> Label = new("label", nullable: true);
    private static readonly DataField<string> Prediction = new("prediction", nullable: true);
    private static readonly DataField<double> Probability = new("probability", nullable: true);
    private static readonly DataField<string> Units = new("units", nullable: true);
    private static readonly DataField<int> ProblemStatus = new("problem_status", nullable: true);
    private static readonly DataField<string> ProblemDetail = new("problem_detail", nullable: true);
    private static readonly DataField<string> Answer = new("answer");

    private static readonly ParquetSchema Schema = new(
        Row,
        Id,
        Label,
        Prediction,
        Probability,
        Units,
        ProblemStatus,
        ProblemDetail,
        Answer
    );

    /// <summary>Writes comma-separated values (RFC 4180), as the results come.</summary>
    public static async Task WriteCsvAsync(
        IAsyncEnumerable<ReadOnlyMemory<byte>> results,
        Stream target,
        CancellationToken cancellationToken
    )
    {
        var text = new StreamWriter(target, Utf8, leaveOpen: true);
        await using var writer = text.ConfigureAwait(false);
        var csv = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\r\n" }, leaveOpen: true);
        await using var open = csv.ConfigureAwait(false);
        foreach (var column in FlatResult.Columns)
        {
            csv.WriteField(column);
        }

        await csv.NextRecordAsync().ConfigureAwait(false);
        await foreach (var lines in results.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            foreach (var row in Segments.Lines(lines).Select(FlatResult.Of))
            {
                csv.WriteField(row.Row);
                csv.WriteField(row.Id);
                csv.WriteField(row.Label);
                csv.WriteField(row.Prediction);
                csv.WriteField(row.Probability);
                csv.WriteField(row.Units);
                csv.WriteField(row.ProblemStatus);
                csv.WriteField(row.ProblemDetail);
                csv.WriteField(row.Answer);
                await csv.NextRecordAsync().ConfigureAwait(false);
            }

            await csv.FlushAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Writes Parquet.</summary>
    /// <param name="results">The results.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public static async Task WriteParquetAsync(
        IAsyncEnumerable<ReadOnlyMemory<byte>> results,
        Stream target,
        CancellationToken cancellationToken
    )
    {
        var writer = await ParquetWriter.CreateAsync(Schema, target, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using var open = writer.ConfigureAwait(false);
        List<FlatResult> rows = [];
        await foreach (var lines in results.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            rows.AddRange(Segments.Lines(lines).Select(FlatResult.Of));
            if (rows.Count >= RowsOfGroup)
            {
                await WriteAsync(writer, rows, cancellationToken).ConfigureAwait(false);
                rows.Clear();
            }
        }

        await WriteAsync(writer, rows, cancellationToken).ConfigureAwait(false);
    }

    private static async Task WriteAsync(ParquetWriter writer, List<FlatResult> rows, CancellationToken cancellationToken)
    {
        using var group = writer.CreateRowGroup();
        await group
            .WriteAsync<long>(Row, rows.Select(row => row.Row).ToArray().AsMemory(), cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        await group.WriteAsync(Id, rows.Select(row => row.Id).ToArray()).ConfigureAwait(false);
        await group.WriteAsync(Label, rows.Select(row => row.Label!).ToArray()).ConfigureAwait(false);
        await group.WriteAsync(Prediction, rows.Select(row => row.Prediction!).ToArray()).ConfigureAwait(false);
        await group
            .WriteAsync<double>(Probability, rows.Select(row => row.Probability).ToArray().AsMemory(), cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        await group.WriteAsync(Units, rows.Select(row => row.Units!).ToArray()).ConfigureAwait(false);
        await group
            .WriteAsync<int>(
                ProblemStatus,
                rows.Select(row => row.ProblemStatus).ToArray().AsMemory(),
                cancellationToken: cancellationToken
            )
            .ConfigureAwait(false);
        await group.WriteAsync(ProblemDetail, rows.Select(row => row.ProblemDetail!).ToArray()).ConfigureAwait(false);
        await group.WriteAsync(Answer, rows.Select(row => row.Answer).ToArray()).ConfigureAwait(false);
        group.CompleteValidate();
    }
}
