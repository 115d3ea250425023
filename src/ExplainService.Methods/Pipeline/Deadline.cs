using System.Runtime.CompilerServices;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Methods.Pipeline;

/// <summary>When the caller wants the best answer so far.</summary>
public sealed class Deadline : IDisposable
{
    private readonly TimeProvider time;
    private readonly long start;
    private readonly CancellationTokenSource? expiry;

    /// <summary>Starts the clock.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="milliseconds">From now; null: whenever it is done.</param>
    public Deadline(TimeProvider time, int? milliseconds)
    {
        (this.time, Milliseconds, start) = (time, milliseconds, time.GetTimestamp());
        expiry = milliseconds is { } limit ? new CancellationTokenSource(TimeSpan.FromMilliseconds(limit), time) : null;
    }

    /// <summary>No deadline.</summary>
    public static Deadline None { get; } = new(TimeProvider.System, null);

    /// <summary>Milliseconds that the caller allowed; null: no deadline.</summary>
    public int? Milliseconds { get; }

    /// <summary>Time since the request began.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(start);

    /// <summary>Whether it is time to answer with what there is.</summary>
    public bool Passed => Expired.IsCancellationRequested || (Milliseconds is { } limit && Elapsed.TotalMilliseconds >= limit);

    /// <summary>Cancelled when it passes.</summary>
    public CancellationToken Expired => expiry?.Token ?? CancellationToken.None;

    /// <summary>
    /// What a stream gives in time. It ends when the deadline passes, in the middle of a wait too: rows that have not run by then are
    /// dropped, so that a busy service keeps deadlines as an idle one does.
    /// </summary>
    /// <param name="stream">Opens the stream, with a token that tells it to stop.</param>
    /// <param name="cancellationToken">The caller has left.</param>
    public async IAsyncEnumerable<T> InTime<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> stream,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(Expired, cancellationToken);
        await using var items = stream(either.Token).GetAsyncEnumerator(either.Token);
        while (await NextAsync().ConfigureAwait(false))
        {
            yield return items.Current;
        }

        async ValueTask<bool> NextAsync()
        {
            try
            {
                return await items.MoveNextAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (Passed && !cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    /// <summary>The warning of an answer that came early.</summary>
    /// <param name="done">What was done until then.</param>
    /// <param name="more">Sentences that follow.</param>
    public Warning PartialResult(FormattableString done, string more = "") =>
        new(
            WarningCode.DeadlinePassed,
            FormattableString.Invariant(
                $"The deadline of {Milliseconds} ms passed after {FormattableString.Invariant(done)}; this is the best answer so far."
            ) + more
        );

    /// <inheritdoc/>
    public void Dispose() => expiry?.Dispose();
}
