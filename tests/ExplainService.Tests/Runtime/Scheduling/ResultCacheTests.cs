using ExplainService.Runtime.Scheduling;
using Xunit;

namespace ExplainService.Tests.Runtime.Scheduling;

public sealed class ResultCacheTests
{
    [Fact]
    public void Forgets_what_was_not_used_for_longest_once_it_is_full()
    {
        var cache = new ResultCache(30, (_, _) => 10);
        foreach (var row in new[] { "a", "b", "c" })
        {
            cache.Add(row, row + "!");
        }

        Assert.True(cache.TryGet("a", out _));
        cache.Add("d", "d!");

        Assert.False(cache.TryGet("b", out _));
        Assert.True(cache.TryGet("a", out var result));
        Assert.Equal(("a!", 3), (result, cache.Count));
    }

    [Fact]
    public void A_result_larger_than_the_whole_cache_is_not_kept()
    {
        var cache = new ResultCache(30, (_, _) => 31);
        cache.Add("a", "a!");
        Assert.Equal(0, cache.Count);
    }
}
