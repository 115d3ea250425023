namespace ExplainService.Methods.Pipeline;

/// <summary>
/// Who reads its text next. What comes before a model runs (normalising, tokenizing, cutting into units) keeps a core busy for as long as the
/// text is: long texts are read on threads of their own, so that no request waits for a thread of the pool, a few at a time and the shorter
/// first, in so far as it has not come later by as much as it is shorter (start-time fair queueing, Goyal et al. 1996).
/// </summary>
/// <param name="slots">Long texts that are read at once.</param>
public sealed class PreparationTurns(int slots)
{
    /// <summary>Characters that are read where the request is: it takes less than a turn would.</summary>
    public const int ShortText = 2048;

    /// <summary>From here on a text may not take the last free slot, which the shorter ones find free.</summary>
    private const int VeryLongText = 1 << 18;

    private readonly Lock gate = new();
    private readonly List<Waiting> waiting = [];
    private long clock;
    private int running;
    private int veryLong;

    /// <summary>Reads a text when it is its turn.</summary>
    /// <param name="characters">How long it is.</param>
    /// <param name="work">What reads it; ends when it is told to.</param>
    /// <param name="cancellationToken">Nobody waits any more, for the turn neither.</param>
    public async Task<T> TakeAsync<T>(long characters, Func<T> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (characters <= ShortText)
        {
            return work();
        }

        var turn = Enter(characters);
        try
        {
            await turn.Begun.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return await Task
                .Factory.StartNew(work, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .ConfigureAwait(false);
        }
        finally
        {
            Leave(turn);
        }
    }

    private Waiting Enter(long characters)
    {
        lock (gate)
        {
            var turn = new Waiting(characters, clock + characters);
            waiting.Add(turn);
            BeginNext();
            return turn;
        }
    }

    private void Leave(Waiting turn)
    {
        lock (gate)
        {
            if (!waiting.Remove(turn))
            {
                running--;
                veryLong -= turn.IsVeryLong ? 1 : 0;
            }

            BeginNext();
        }
    }

    private void BeginNext()
    {
        while (running < slots && Next() is { } next)
        {
            waiting.Remove(next);
            running++;
            veryLong += next.IsVeryLong ? 1 : 0;
            clock = Math.Max(clock, next.Due - next.Characters) + (next.Characters / slots);
            next.Begun.SetResult();
        }
    }

    private Waiting? Next() => waiting.Where(turn => !turn.IsVeryLong || slots == 1 || veryLong < slots - 1).MinBy(turn => turn.Due);

    private sealed record Waiting(long Characters, long Due)
    {
        public bool IsVeryLong => Characters >= VeryLongText;

        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
