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
    public void What_rows_have_in_common_counts_once_and_goes_with_the_last_of_them()
    {
        var (first, second) = (new SharedPart(new object(), 12), new SharedPart(new object(), 12));
        var cache = new ResultCache(30, (_, _) => 3, row => ((string)row)[0] == 'a' ? first : second);
        foreach (var row in new[] { "a1", "a2", "a3", "a4", "a5", "a6" })
        {
            cache.Add(row, row);
        }

        Assert.Equal(6, cache.Count);
        cache.Add("b1", "b1");

        // 12 + 3 for the new one leave room for 15: the other's 12 and one row.
        Assert.Equal(2, cache.Count);
        cache.Add("b2", "b2");
        cache.Add("b3", "b3");
        cache.Add("b4", "b4");
        cache.Add("b5", "b5");
        cache.Add("b6", "b6");
        Assert.Equal(6, cache.Count);
        Assert.False(cache.TryGet("a6", out _));
    }

    [Fact]
    public void A_result_larger_than_the_whole_cache_is_not_kept()
    {
        var cache = new ResultCache(30, (_, _) => 31);
        cache.Add("a", "a!");
        Assert.Equal(0, cache.Count);
    }
}
