namespace ExplainService.Runtime.Scheduling;

/// <summary>
/// One kind of work: a model's form with everything that the rows of a batch must have in common. Rows of one workload share batches,
/// whoever asked for them; rows of two never do.
/// </summary>
public abstract class Workload
{
    private int tokenBudget;

    private protected Workload(string name, int tokenBudget, Throughput throughput, ResultCache? recent)
    {
        Name = name;
        Throughput = throughput;
        Recent = recent;
        TokenBudget = tokenBudget;
    }

    /// <summary>For logs: model and form.</summary>
    public string Name { get; }

    /// <summary>
    /// Padded tokens of a full batch. More is not better on a CPU: past the point where the matrix products saturate the cores, a larger
    /// batch only makes everybody wait longer and falls out of the caches.
    /// </summary>
    public int TokenBudget
    {
        get => Volatile.Read(ref tokenBudget);
        set => Volatile.Write(ref tokenBudget, Math.Max(1, value));
    }

    /// <summary>Rows of different lengths never share a batch: the model's numbers change with the padding.</summary>
    public bool EqualLengths { get; init; }

    /// <summary>What a padded token costs here; workloads of one form may share it.</summary>
    public Throughput Throughput { get; }

    /// <summary>Rows that wait or run, by content; null where rows are not compared. Guarded by the scheduler's lock.</summary>
    internal Dictionary<object, WorkItem>? Shared { get; private protected init; }

    /// <summary>Results of late; null where none are kept. Guarded by the scheduler's lock.</summary>
    internal ResultCache? Recent { get; }

    internal abstract RowSize MeasureRow(object row);

    internal abstract object? CompanyOfRow(object row);

    internal abstract object[] RunRows(IReadOnlyList<WorkItem> items, CancellationToken cancellationToken);
}

/// <summary>A workload whose rows and results have types.</summary>
/// <typeparam name="TRow">A row; compared by content where results are shared.</typeparam>
/// <typeparam name="TResult">What is computed of one row; immutable where results are shared.</typeparam>
public abstract class Workload<TRow, TResult> : Workload
    where TRow : class
    where TResult : class
{
    /// <summary>Creates a workload.</summary>
    /// <param name="name">For logs.</param>
    /// <param name="tokenBudget">Padded tokens of a full batch.</param>
    /// <param name="shares">Identical rows that wait or run at the same time are computed once.</param>
    /// <param name="throughput">Measured cost, where several workloads share one.</param>
    /// <param name="recent">Results of late, where any are to be kept.</param>
    protected Workload(string name, int tokenBudget, bool shares, Throughput? throughput = null, ResultCache? recent = null)
        : base(name, tokenBudget, throughput ?? new Throughput(), recent)
    {
        Shared = shares || recent is not null ? [] : null;
    }

    /// <summary>How long a row is.</summary>
    protected abstract RowSize Measure(TRow row);

    /// <summary>What the rows of a batch must have in common beside the workload; null: nothing.</summary>
    protected virtual object? CompanyOf(TRow row) => null;

    /// <summary>Computes a batch, on the device's thread.</summary>
    /// <returns>A result for each row, in order.</returns>
    public abstract IReadOnlyList<TResult> Run(IReadOnlyList<TRow> rows, CancellationToken cancellationToken);

    internal sealed override RowSize MeasureRow(object row) => Measure((TRow)row);

    internal sealed override object? CompanyOfRow(object row) => CompanyOf((TRow)row);

    internal sealed override object[] RunRows(IReadOnlyList<WorkItem> items, CancellationToken cancellationToken)
    {
        var rows = new TRow[items.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = (TRow)items[i].Row;
        }

        var results = Run(rows, cancellationToken);
        return results.Count == rows.Length
            ? [.. results]
            : throw new InvalidOperationException($"{Name}: {results.Count} results for {rows.Length} rows.");
    }
}
