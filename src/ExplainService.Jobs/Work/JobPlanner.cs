using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Inputs;
using ExplainService.Jobs.Store;
using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Privacy;
using ExplainService.Protocol.Problems;

namespace ExplainService.Jobs.Work;

/// <summary>Reads an input to its end and cuts it into chunks, some seconds of work each. Until all rows are there, nobody sees the job.</summary>
internal sealed class JobPlanner(IJobStore store, JobOptions options, Redaction redaction)
{
    private const int PredictedRows = 256;
    private const int ExplainedRows = 32;
    private const int ImportanceRows = 16;
    private const int ComparedRows = 8;
    private const int NeuronRows = 128;
    private const int ChunkBytes = 1 << 20;

    /// <summary>Chunks that are written at once, so that other writers get their turn.</summary>
    private const int ChunksAtOnce = 32;

    /// <summary>Plans a job that has begun.</summary>
    /// <returns>How many rows it has.</returns>
    public async Task<long> PlanAsync(NewJob job, JobSource source, CancellationToken cancellationToken)
    {
        var most = job.Spec.Kind switch
        {
            JobKind.Predict or JobKind.Surrogate => PredictedRows,
            JobKind.Importance => ImportanceRows,
            JobKind.Compare => ComparedRows,
            JobKind.Neurons => NeuronRows,
            _ => ExplainedRows,
        };
        List<NewChunk> chunks = [];
        List<InputRow> rows = [];
        var pool = job.Spec.Kind == JobKind.Importance ? new WordPool(RowTemplate.Importance(job.Spec).Seed) : null;
        var unit = RowTemplate.OffsetUnitOf(job.Spec);
        var (count, bytes) = (0L, 0);
        await foreach (
            var read in source
                .RowsAsync(job.Spec.Columns ?? new JobColumns(), (long)options.MaxInputMegabytes << 20, cancellationToken)
                .ConfigureAwait(false)
        )
        {
            var row = read.Masked(redaction, unit);
            if (++count > options.MaxRows)
            {
                throw new RefusedRequestException(
                    413,
                    FormattableString.Invariant($"The input has over {options.MaxRows} rows (Jobs:MaxRows).")
                );
            }

            rows.Add(row);
            pool?.Add(row);
            bytes += row.Size;
            if (rows.Count == most || bytes >= ChunkBytes)
            {
                Cut();
                if (chunks.Count == ChunksAtOnce)
                {
                    await AddAsync().ConfigureAwait(false);
                }
            }
        }

        if (count == 0)
        {
            throw InvalidRequestException.CannotDo("input", "The input holds no rows.");
        }

        Cut();
        await AddAsync().ConfigureAwait(false);
        if (pool is not null)
        {
            await store.AddSharedAsync(job.Id, pool.Pack(), cancellationToken).ConfigureAwait(false);
        }

        await store.PlanAsync(job.Id, count, source.Facts, source.ModelHashes, cancellationToken).ConfigureAwait(false);
        return count;

        void Cut()
        {
            if (rows.Count > 0)
            {
                chunks.Add(new NewChunk(rows[0].Row, rows.Count, Segments.Pack(rows)));
                rows.Clear();
                bytes = 0;
            }
        }

        async Task AddAsync()
        {
            await store.AddChunksAsync(job.Id, chunks, cancellationToken).ConfigureAwait(false);
            chunks.Clear();
        }
    }
}
