using ExplainService.Goldens;
using ExplainService.Text.Tokenization;
using Xunit;

namespace ExplainService.Tests.Text.Families;

/// <summary>
/// Pieces without white space, as long as a careless or a hostile text makes them. No family's work may grow faster than n log n: what a
/// call allocates is counted, and at half a million characters a family whose work is quadratic takes minutes.
/// </summary>
public class LongPieceTests
{
    private const int Short = 1 << 15;
    private const int Long = 1 << 19;

    public static TheoryData<string, string> Pieces() =>
        new()
        {
            { "gpt2", "abcdefghijklmnopqrstuvwxyz" },
            { "gpt2", "a" },
            { "llama3", "thequickbrownfoxjumpsoverthelazydog" },
            { "llama", "thequickbrownfoxjumpsoverthelazydog" },
            { "llama", "é😀" },
            { "albert", "thequickbrownfoxjumpsoverthelazydog" },
            { "t5", "0" },
            { "xlm-roberta", "人工智能的解释性非常重要" },
        };

    [Theory]
    [Slow]
    [MemberData(nameof(Pieces))]
    public void Memory_grows_with_the_length_of_a_piece(string family, string pattern) =>
        Check(Tokenizer.Load(ReferenceData.PathOf("tokenizers", family)), pattern);

    [Theory]
    [InlineData("abcdefghijklmnopqrstuvwxyz")]
    [InlineData("a")]
    public void Memory_grows_with_the_length_of_a_word_without_a_limit(string pattern)
    {
        string[] entries = [.. "abcdefghijklmnopqrstuvwxyz".SelectMany(letter => new[] { $"{letter}", $"##{letter}" }), "##defghijklmnopq"];
        Check(WordPieceFolder.Load(entries, longestWord: int.MaxValue), pattern);
    }

    private static void Check(Tokenizer tokenizer, string pattern)
    {
        var (few, little) = Encode(tokenizer, pattern, Short);
        var (many, much) = Encode(tokenizer, pattern, Long);
        const int Times = Long / Short;
        Assert.InRange(many, (Times - 1) * few, (Times + 1) * few);
        Assert.True(much < 1.5 * Times * little, $"{Times} times the length takes {much / (double)little:F1} times the memory.");
    }

    /// <summary>The number of tokens and the bytes that the call allocates; its first time is not counted.</summary>
    private static (int Tokens, long Bytes) Encode(Tokenizer tokenizer, string pattern, int length)
    {
        var text = string.Concat(Enumerable.Repeat(pattern, length / pattern.Length));
        tokenizer.Encode(pattern);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var tokens = tokenizer.Encode(text).Tokens.Count;
        return (tokens, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
