using System.Runtime.CompilerServices;
using System.Text.Json;
using ExplainService.Jobs.Inputs;
using ExplainService.Jobs.Store;

namespace ExplainService.Jobs.Work;

/// <summary>The rows of a job that has ended, with what was answered. They are copied: the job may be removed the next day.</summary>
/// <param name="store">Where it is.</param>
/// <param name="job">The job.</param>
internal sealed class EarlierRows(IJobStore store, JobRecord job)
{
    private readonly string[] hashes = job.ModelHashes?.Split(',') ?? [];

    /// <summary>Its rows as rows that have their answers already.</summary>
    public async IAsyncEnumerable<InputRow> AnsweredAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (row, line) in RowsAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return row with
            {
                Answer = line is { } answer ? EarlierAnswer.Unrowed(answer) : null,
                IsAnswered = true,
                Before = null,
                HasSameText = null,
            };
        }
    }

    /// <summary>
    /// Other rows, each beside this job's row of the same number. Rows that only this job has stand there without a text: their answers count
    /// among those before.
    /// </summary>
    public async IAsyncEnumerable<InputRow> BesideAsync(
        IAsyncEnumerable<InputRow> rows,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var earlier = RowsAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var open = earlier.ConfigureAwait(false);
        var hasMore = true;
        await foreach (var row in rows.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            hasMore = hasMore && await earlier.MoveNextAsync().ConfigureAwait(false);
            yield return hasMore
                ? row with
                {
                    Before = Written(earlier.Current.Line),
                    HasSameText =
                        row.Text == earlier.Current.Row.Text
                        && row.Image == earlier.Current.Row.Image
                        && row.Pair == earlier.Current.Row.Pair,
                }
                : row;
        }

        while (hasMore && await earlier.MoveNextAsync().ConfigureAwait(false))
        {
            var (row, line) = earlier.Current;
            yield return new InputRow
            {
                Row = row.Row,
                Id = row.Id,
                IsAnswered = true,
                Before = Written(line),
            };
        }
    }

    private string? Written(JsonElement? line) => line is { } answer ? EarlierAnswer.Of(answer, hashes) : null;

    /// <summary>Rows and lines by their numbers; a row that was left out, or not reached, has no line.</summary>
    private async IAsyncEnumerable<(InputRow Row, JsonElement? Line)> RowsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var lines = LinesAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var open = lines.ConfigureAwait(false);
        var hasLine = await lines.MoveNextAsync().ConfigureAwait(false);
        await foreach (var segment in store.InputsAsync(job.Id, cancellationToken).ConfigureAwait(false))
        {
            foreach (var row in Segments.Rows(segment.Body))
            {
                var isItsOwn = hasLine && lines.Current.GetProperty("row").GetInt64() == row.Row;
                yield return (row, isItsOwn ? lines.Current : null);
                if (isItsOwn)
                {
                    hasLine = await lines.MoveNextAsync().ConfigureAwait(false);
                }
            }
        }
    }

    private async IAsyncEnumerable<JsonElement> LinesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var segment in store.ResultsAsync(job.Id, 0, cancellationToken).ConfigureAwait(false))
        {
            foreach (var line in Segments.Lines(Segments.Unpack(segment.Body)))
            {
                using var document = JsonDocument.Parse(line);
                yield return document.RootElement.Clone();
            }
        }
    }
}
