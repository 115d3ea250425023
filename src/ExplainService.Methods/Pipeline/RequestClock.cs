namespace ExplainService.Methods.Pipeline;

/// <summary>
/// The four clocks that can end a request. What it is answered depends on which of them did:
/// <list type="bullet">
/// <item><see cref="ClientLeft"/>: the connection was closed. Nobody reads an answer; the work is dropped.</item>
/// <item>
/// <see cref="Deadline"/>: the request's own <c>deadline_ms</c>. Methods answer with the best that they have by then; those that have
/// nothing to show are a 504.
/// </item>
/// <item><see cref="LimitPassed"/>: the server's <c>Limits:MaxRequestSeconds</c>, whatever the deadline: a 504.</item>
/// <item><see cref="DrainExpired"/>: the process stops, and has waited for <c>Limits:DrainSeconds</c>: a 503.</item>
/// </list>
/// The deadline alone leaves time to answer; the others <see cref="Stop"/> the work where it is.
/// </summary>
public sealed class RequestClock : IDisposable
{
    private readonly IDisposable? started;
    private readonly CancellationTokenSource stop;
    private readonly CancellationTokenSource inTime;

    /// <summary>A clock without a limit and without a deadline.</summary>
    /// <param name="clientLeft">See <see cref="ClientLeft"/>.</param>
    /// <param name="drainExpired">See <see cref="DrainExpired"/>.</param>
    public RequestClock(CancellationToken clientLeft, CancellationToken drainExpired)
        : this(Deadline.None, null, null, clientLeft, drainExpired, CancellationToken.None) { }

    private RequestClock(
        Deadline deadline,
        TimeSpan? limit,
        IDisposable? started,
        CancellationToken clientLeft,
        CancellationToken drainExpired,
        CancellationToken limitPassed
    )
    {
        (ClientLeft, DrainExpired, LimitPassed, Limit) = (clientLeft, drainExpired, limitPassed, limit);
        (Deadline, this.started) = (deadline, started);
        stop = CancellationTokenSource.CreateLinkedTokenSource(clientLeft, drainExpired, limitPassed);
        inTime = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, deadline.Expired);
    }

    /// <summary>Nobody waits for the answer any more.</summary>
    public CancellationToken ClientLeft { get; }

    /// <summary>The request has taken as long as the server lets any.</summary>
    public CancellationToken LimitPassed { get; }

    /// <summary>How long that is; null: as long as it takes.</summary>
    public TimeSpan? Limit { get; }

    /// <summary>The service shuts down and has waited as long as it may.</summary>
    public CancellationToken DrainExpired { get; }

    /// <summary>When the caller wants the best answer so far.</summary>
    public Deadline Deadline { get; }

    /// <summary>Any but the deadline: no answer is of use.</summary>
    public CancellationToken Stop => stop.Token;

    /// <summary>Any of the four: for work without which nothing can be answered, or that knows no answer but a whole one.</summary>
    public CancellationToken InTime => inTime.Token;

    /// <summary>The same clock with the server's limit, counted from now.</summary>
    public RequestClock WithLimit(TimeProvider time, TimeSpan limit)
    {
        var passed = new CancellationTokenSource(limit, time);
        return new RequestClock(Deadline, limit, passed, ClientLeft, DrainExpired, passed.Token);
    }

    /// <summary>The same clock with the caller's deadline, counted from now.</summary>
    public RequestClock WithDeadline(TimeProvider time, int? milliseconds)
    {
        var deadline = new Deadline(time, milliseconds);
        return new RequestClock(deadline, Limit, deadline, ClientLeft, DrainExpired, LimitPassed);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        inTime.Dispose();
        stop.Dispose();
        started?.Dispose();
    }
}
