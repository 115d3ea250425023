using ExplainService.Runtime;
using ExplainService.Runtime.Scheduling;

namespace ExplainService.Tests.Runtime.Scheduling;

/// <summary>A device that answers each row with its own first token and remembers what was run.</summary>
internal sealed class FakeDevice(int tokenBudget = 64, bool shares = true, ResultCache? recent = null)
    : Workload<TokenRow, Logits>("fake", tokenBudget, shares, new Throughput(0.001), recent)
{
    /// <summary>The rows of each batch, in the order in which they ran.</summary>
    public List<TokenRow[]> Batches { get; } = [];

    /// <summary>Runs before a batch is answered; may throw.</summary>
    public Action<IReadOnlyList<TokenRow>, CancellationToken>? Before { get; set; }

    /// <summary>What every row is padded to; 0: its own length.</summary>
    public int FixedLength { get; init; }

    public IEnumerable<int> Order => Batches.SelectMany(batch => batch).Select(row => row.Ids[0]);

    /// <summary>A row that is told from others by its first token.</summary>
    public static TokenRow Row(int name, int length = 8) => new() { Ids = [name, .. Enumerable.Repeat(7, length - 1)] };

    public static IEnumerable<TokenRow> Rows(int first, int count, int length = 8) =>
        Enumerable.Range(first, count).Select(name => Row(name, length));

    protected override RowSize Measure(TokenRow row) => new(Math.Max(row.Ids.Length, FixedLength));

    public override IReadOnlyList<Logits> Run(IReadOnlyList<TokenRow> rows, CancellationToken cancellationToken)
    {
        lock (Batches)
        {
            Batches.Add([.. rows]);
        }

        Before?.Invoke(rows, cancellationToken);
        return [.. rows.Select(row => new Logits([row.Ids[0]], 1, 1))];
    }
}
