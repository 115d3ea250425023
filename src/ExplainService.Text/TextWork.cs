namespace ExplainService.Text;

/// <summary>
/// The work on a text that this thread is at. Every loop over the characters of a text looks here once in a <see cref="Block"/>, so that the
/// work ends where it is when nobody waits for it any more, however long the text.
/// </summary>
internal static class TextWork
{
    /// <summary>Characters between two looks; a power of two.</summary>
    public const int Block = 4096;

    [ThreadStatic]
    private static CancellationToken cancellation;

    /// <summary>Blocks of characters that this thread has gone through: what the work on a text costs.</summary>
    [field: ThreadStatic]
    public static long Blocks { get; private set; }

    /// <summary>Work that may be ended begins, until the scope is disposed.</summary>
    public static Scope Begin(CancellationToken cancellationToken)
    {
        var outer = cancellation;
        cancellation = cancellationToken;
        return new Scope(outer);
    }

    /// <summary>Ends the work if nobody waits for it.</summary>
    /// <exception cref="OperationCanceledException">Nobody does.</exception>
    public static void Check()
    {
        Blocks++;
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>The same, once in a block of <paramref name="done"/>, which grows one by one.</summary>
    public static void Check(int done)
    {
        if ((done & (Block - 1)) == 0)
        {
            Check();
        }
    }

    /// <summary>Gives the thread back to the work that it was at before.</summary>
    public readonly ref struct Scope(CancellationToken outer)
    {
        /// <inheritdoc cref="IDisposable.Dispose"/>
        public void Dispose() => cancellation = outer;
    }
}
