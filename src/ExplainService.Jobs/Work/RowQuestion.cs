using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Inputs;
using ExplainService.Jobs.Store;
using ExplainService.Methods;

namespace ExplainService.Jobs.Work;

/// <summary>What the rows of a chunk are asked.</summary>
/// <param name="Kind">What is done with them.</param>
/// <param name="Template">The endpoint's request.</param>
/// <param name="Prediction">The same as a prediction, for conditions and for changed texts.</param>
/// <param name="Before">Of kind <c>drift</c> with another model: what that is asked.</param>
/// <param name="Filter">Which rows are asked.</param>
/// <param name="Importance">Of kind <c>importance</c>: which features.</param>
/// <param name="Pieces">Of kind <c>surrogate</c>: words of a piece.</param>
/// <param name="Pool">Words of all texts.</param>
internal sealed record RowQuestion(
    JobKind Kind,
    RowTemplate Template,
    RowTemplate Prediction,
    RowTemplate? Before,
    RowFilter? Filter,
    ImportanceOptions? Importance,
    int Pieces,
    IReadOnlyList<PooledWord> Pool
)
{
    /// <summary>The question of a chunk.</summary>
    public static async Task<RowQuestion> OfAsync(IJobStore store, ChunkLease lease, MethodCatalog catalog, CancellationToken stop)
    {
        var template = RowTemplate.Of(lease.Spec, catalog);
        var options = lease.Spec.Kind == JobKind.Importance ? RowTemplate.Importance(lease.Spec) : null;
        var pool = options is { Draws: > 0 } ? await store.SharedAsync(lease.Key.Job, stop).ConfigureAwait(false) : null;
        return new RowQuestion(
            lease.Spec.Kind,
            template,
            template.IsPrediction || lease.Spec.OnlyIf is null ? template : template.AsPrediction(catalog),
            lease.Spec.Against?.Model is { } other ? template.To(other) : null,
            lease.Spec.OnlyIf,
            options,
            RowTemplate.Pieces(lease.Spec),
            pool is null ? [] : WordPool.Unpack(pool)
        );
    }
}
