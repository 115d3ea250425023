using ExplainService.Methods.Pipeline;
using Xunit;

namespace ExplainService.Tests.Methods.Pipeline;

/// <summary>Long texts are read a few at a time, the shorter before the longer.</summary>
public sealed class PreparationTurnsTests
{
    private const int Long = 10_000;
    private const int VeryLong = 4_000_000;

    private readonly Lock gate = new();
    private readonly List<string> order = [];

    [Fact]
    public async Task A_short_text_is_read_where_it_is()
    {
        var turns = new PreparationTurns(1);
        using var held = new ManualResetEventSlim();
        var busy = turns.TakeAsync(Long, () => Run("busy", held), TestContext.Current.CancellationToken);

        var thread = Environment.CurrentManagedThreadId;
        Assert.Equal(
            thread,
            await turns.TakeAsync(
                PreparationTurns.ShortText,
                () => Environment.CurrentManagedThreadId,
                TestContext.Current.CancellationToken
            )
        );

        held.Set();
        await busy;
    }

    [Fact]
    public async Task The_shorter_goes_first_and_the_longer_is_not_passed_for_ever()
    {
        var turns = new PreparationTurns(1);
        using var held = new ManualResetEventSlim();
        var cancellation = TestContext.Current.CancellationToken;
        Task<bool>? late = null;
        Task[] waiting =
        [
            turns.TakeAsync(Long, () => Run("first", held), cancellation),
            turns.TakeAsync((5 * Long) / 2, () => Run("long", held), cancellation),
            turns.TakeAsync(Long, () => Run("second", held), cancellation),
            turns.TakeAsync(
                Long,
                () => Run("third", () => late = turns.TakeAsync(2 * Long, () => Run("late", held), cancellation)),
                cancellation
            ),
        ];

        held.Set();
        await Task.WhenAll(waiting);
        await late!;

        Assert.Equal(["first", "second", "third", "long", "late"], order);
    }

    [Fact]
    public async Task Very_long_texts_leave_a_slot_to_shorter_ones()
    {
        var turns = new PreparationTurns(2);
        using var held = new ManualResetEventSlim();
        var cancellation = TestContext.Current.CancellationToken;
        Task[] all =
        [
            turns.TakeAsync(VeryLong, () => Run("a", held), cancellation),
            turns.TakeAsync(VeryLong, () => Run("b", held), cancellation),
        ];

        await turns.TakeAsync(Long, () => Run("shorter", held: null), cancellation);

        held.Set();
        await Task.WhenAll(all);
        Assert.Equal("shorter", order.First(name => name != "a"));
    }

    [Fact]
    public async Task Who_leaves_while_it_waits_is_not_read_and_holds_up_nobody()
    {
        var turns = new PreparationTurns(1);
        using var held = new ManualResetEventSlim();
        using var leaves = new CancellationTokenSource();
        var busy = turns.TakeAsync(Long, () => Run("busy", held), TestContext.Current.CancellationToken);
        var gone = turns.TakeAsync(Long, () => Run("gone", held: null), leaves.Token);

        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        held.Set();
        await busy;
        await turns.TakeAsync(Long, () => Run("next", held: null), TestContext.Current.CancellationToken);

        Assert.Equal(["busy", "next"], order);
    }

    private bool Run(string name, Action then)
    {
        then();
        return Run(name, held: null);
    }

    private bool Run(string name, ManualResetEventSlim? held)
    {
        lock (gate)
        {
            order.Add(name);
        }

        held?.Wait(TestContext.Current.CancellationToken);
        return true;
    }
}
