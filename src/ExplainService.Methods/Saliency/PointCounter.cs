namespace ExplainService.Methods.Saliency;

/// <summary>Counts points at which f was differentiated. Thread-safe.</summary>
public sealed class PointCounter
{
    private long total;

    /// <summary>How many there were.</summary>
    public long Total => Interlocked.Read(ref total);

    /// <summary>Counts one and hands it on.</summary>
    public T Count<T>(T point)
    {
        Interlocked.Increment(ref total);
        return point;
    }
}
