using System.Diagnostics;
using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Inputs;
using ExplainService.Jobs.Store;
using ExplainService.Methods;
using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Problems;
using ExplainService.Runtime;

namespace ExplainService.Jobs.Work;

/// <summary>The rows of a chunk to its results.</summary>
internal sealed class ChunkWork(RowExplainer explainer, MethodCatalog catalog, IModelRegistry models)
{
    /// <summary>So many whole texts say enough of their words.</summary>
    private const int MostRowsInPieces = 10_000;

    /// <summary>Begins a chunk: returns once its last row has been begun, so that the next chunk's rows can follow without a gap.</summary>
    /// <param name="store">Where the chunk is from.</param>
    /// <param name="lease">The chunk.</param>
    /// <param name="window">Rows that the process works on at once.</param>
    /// <param name="stop">Stops the chunk.</param>
    /// <returns>Its results, once the last row is done.</returns>
    public async Task<Task<ChunkResult>> BeginAsync(IJobStore store, ChunkLease lease, SemaphoreSlim window, CancellationToken stop)
    {
        var trace = JobTraces.Chunk(lease);
        try
        {
            var question = await RowQuestion.OfAsync(store, lease, catalog, stop).ConfigureAwait(false);
            var asking = explainer.For(lease.PostedBy);
            var rows = Segments.Rows(lease.Body);
            var results = new List<Task<RowResult>>(rows.Count);
            foreach (var row in rows)
            {
                await window.WaitAsync(stop).ConfigureAwait(false);
                results.Add(AnswerAsync(row, question, asking, window, stop));
            }

            return CollectAsync(results, lease.Spec.Input?.Job is null ? question.Template.Model ?? models.Default : null, trace);
        }
        catch
        {
            trace?.Dispose();
            throw;
        }
    }

    /// <summary>The result of a row that no process survives.</summary>
    public static ChunkResult Deadly(ChunkLease lease)
    {
        var problem = ProblemMapper.Create(
            500,
            FormattableString.Invariant($"The process that worked on this row has ended {RowExplainer.MaxTries} times before it was done.")
        );
        var lines = Segments.Rows(lease.Body).SelectMany(row => ResultLines.Of(row, problem)).ToArray();
        return new ChunkResult(Segments.Pack(lines), 0, lease.Rows);
    }

    private async Task<RowResult> AnswerAsync(
        InputRow row,
        RowQuestion question,
        RowExplainer asking,
        SemaphoreSlim window,
        CancellationToken stop
    )
    {
        try
        {
            // Whoever begins rows goes on to the next.
            await Task.Yield();
            return await AnswerAsync(row, question, asking, stop).ConfigureAwait(false);
        }
        catch (RowFailedException failed)
        {
            return new RowResult(ResultLines.Of(row, failed.Problem), Failed: true);
        }
        catch (InvalidRequestException wrong)
        {
            return new RowResult(ResultLines.Of(row, ProblemMapper.From(wrong)), Failed: true);
        }
        finally
        {
            window.Release();
        }
    }

    private async Task<RowResult> AnswerAsync(InputRow row, RowQuestion question, RowExplainer asking, CancellationToken stop)
    {
        if (row.Problem is { } problem)
        {
            return new RowResult(ResultLines.Of(row, problem), Failed: true);
        }

        Explanation? answer = null;
        if (question.Filter is { } filter && !row.IsAnswered)
        {
            answer = await asking.ExplainAsync(question.Prediction.Build(row), stop).ConfigureAwait(false);
            if (!RowFilters.Holds(filter, answer.Prediction, row.Label))
            {
                return new RowResult(null, Failed: false);
            }
        }

        if (question.Importance is { } options)
        {
            var line = await new ImportanceWork(asking)
                .AskAsync(row, question.Prediction, options, question.Pool, stop)
                .ConfigureAwait(false);
            return new RowResult(ResultLines.Of(row, line), Failed: false);
        }

        if (question.Kind == JobKind.Drift)
        {
            var (line, hasFailed) = await new DriftWork(asking, models).AskAsync(row, question, stop).ConfigureAwait(false);
            return new RowResult(line, hasFailed);
        }

        if (question.Kind == JobKind.Neurons)
        {
            var line = await new NeuronsWork(asking).AskAsync(row, question.Template, stop).ConfigureAwait(false);
            return new RowResult(ResultLines.Of(row, line), Failed: false);
        }

        if (answer is null || !question.Template.IsPrediction)
        {
            answer = await asking.ExplainAsync(question.Template.Build(row), stop).ConfigureAwait(false);
        }

        if (question.Kind == JobKind.Surrogate && row.Row <= MostRowsInPieces)
        {
            var parts = await new PiecesWork(asking).AskAsync(row, answer, question.Template, question.Pieces, stop).ConfigureAwait(false);
            return new RowResult(ResultLines.Of(row, answer, parts), Failed: false);
        }

        return new RowResult(ResultLines.Of(row, answer), Failed: false);
    }

    private async Task<ChunkResult> CollectAsync(List<Task<RowResult>> results, string? model, Activity? trace)
    {
        using var ended = trace;
        var all = await Task.WhenAll(results).ConfigureAwait(false);
        using var lines = new MemoryStream();
        foreach (var result in all)
        {
            lines.Write(result.Line);
        }

        return new ChunkResult(
            Segments.Pack(lines.GetBuffer().AsSpan(0, (int)lines.Length)),
            all.Count(result => result.Line is null),
            all.Count(result => result.Failed),
            HashOf(model)
        );
    }

    /// <summary>What the model was by the end of the chunk.</summary>
    private string? HashOf(string? model)
    {
        try
        {
            return model is null ? null : models.Find(model).FileHash;
        }
        catch (ModelNotFoundException)
        {
            return null;
        }
    }

    /// <summary>What came of a row.</summary>
    /// <param name="Line">Its line; null where it was left out.</param>
    /// <param name="Failed">Whether the line is a problem.</param>
    private sealed record RowResult(byte[]? Line, bool Failed);
}
