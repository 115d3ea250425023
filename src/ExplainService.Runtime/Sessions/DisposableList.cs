namespace ExplainService.Runtime.Sessions;

/// <summary>Several things that are disposed of together.</summary>
internal sealed class DisposableList<T>(IReadOnlyList<T> items) : IDisposable
    where T : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var item in items)
        {
            item.Dispose();
        }
    }
}
