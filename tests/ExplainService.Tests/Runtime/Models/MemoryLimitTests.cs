using ExplainService.Runtime.Models;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ExplainService.Tests.Runtime.Models;

/// <summary>Which models make room for another.</summary>
public sealed class MemoryLimitTests : IDisposable
{
    private readonly Resident oldest = new(400, lastUsed: 1);
    private readonly Resident older = new(300, lastUsed: 2);
    private readonly Resident newest = new(200, lastUsed: 3);
    private readonly MemoryLimit limit;
    private readonly FakeTimeProvider time = new();
    private int givenBack;

    public MemoryLimitTests() =>
        limit = new MemoryLimit(
            1000,
            () => [newest, oldest, older],
            () =>
            {
                givenBack++;
                return Task.CompletedTask;
            },
            time
        );

    public void Dispose() => limit.Dispose();

    [Theory]
    [InlineData(0, "400 300 200", 0)]
    [InlineData(100, "400 300 200", 0)]
    [InlineData(101, "0 300 200", 1)]
    [InlineData(500, "0 300 200", 1)]
    [InlineData(501, "0 0 200", 1)]
    [InlineData(5000, "0 0 200", 1)]
    public async Task The_one_that_was_not_used_for_the_longest_time_goes_first_and_no_more_than_are_needed(
        int more,
        string left,
        int rounds
    )
    {
        await limit.MakeRoomAsync(newest, more);

        Assert.Equal(left, $"{oldest.Bytes} {older.Bytes} {newest.Bytes}");
        Assert.Equal(rounds, givenBack);
    }

    [Fact]
    public async Task One_in_use_stays_and_so_does_the_one_that_needs_the_room()
    {
        oldest.IsInUse = true;

        await limit.MakeRoomAsync(older, 900);

        Assert.Equal((400, 300, 0), (oldest.Bytes, older.Bytes, newest.Bytes));
    }

    [Fact]
    public async Task One_that_somebody_begins_to_run_on_is_not_waited_for_without_end()
    {
        var running = new TaskCompletionSource();
        oldest.Freed = running.Task;

        var room = limit.MakeRoomAsync(newest, 500);
        Assert.False(room.IsCompleted);
        time.Advance(TimeSpan.FromMinutes(1));
        await room;

        Assert.Equal((0, 300, 200), (oldest.Bytes, older.Bytes, newest.Bytes));
        running.SetResult();
    }

    [Fact]
    public async Task Several_who_need_room_at_once_free_no_more_than_all_need()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => limit.MakeRoomAsync(newest, 200))));

        Assert.Equal((0, 300, 200), (oldest.Bytes, older.Bytes, newest.Bytes));
    }

    [Fact]
    public async Task Without_a_limit_all_stay()
    {
        using var none = new MemoryLimit(0, () => [newest, oldest, older], () => throw new InvalidOperationException(), time);

        await none.MakeRoomAsync(newest, long.MaxValue / 2);

        Assert.Equal(900, oldest.Bytes + older.Bytes + newest.Bytes);
    }

    private sealed class Resident(long bytes, long lastUsed) : IResident
    {
        public long Bytes { get; private set; } = bytes;

        public long LastUsed => lastUsed;

        public bool IsInUse { get; set; }

        public Task Freed { get; set; } = Task.CompletedTask;

        public Task ReleaseAsync()
        {
            Bytes = 0;
            return Freed;
        }
    }
}
