using CsCheck;
using Xunit;

namespace ExplainService.Tests.Text.Families;

/// <summary>Words and what WordPiece makes of them, where the vocabulary or the word is unusual.</summary>
public class WordPieceCoreTests
{
    [Fact]
    public void The_longest_entry_that_begins_the_rest_comes_first() =>
        Assert.Equal(["un", "##afford", "##able"], Tokens(["un", "##a", "##able", "##afford", "##ford"], "unaffordable"));

    [Fact]
    public void A_word_with_a_part_that_no_entry_begins_is_unknown() => Assert.Equal(["[UNK]"], Tokens(["un", "##able"], "unusable"));

    [Fact]
    public void A_word_is_as_long_as_its_characters_not_their_code_units()
    {
        string[] entries = ["😀", "##😀"];
        Assert.Equal(4, Tokens(entries, "😀😀😀😀", longestWord: 4).Length);
        Assert.Equal(["[UNK]"], Tokens(entries, "😀😀😀😀😀", longestWord: 4));
    }

    [Fact]
    public void An_entry_may_begin_with_a_byte_order_mark_or_hold_line_breaks()
    {
        string[] entries = ["\uFEFFa", "b\r\nc", "##\n"];
        Assert.Equal(["\uFEFFa"], Tokens(entries, "\uFEFFa", splitsWords: false));
        Assert.Equal(["b\r\nc", "##\n"], Tokens(entries, "b\r\nc\n", splitsWords: false));
        Assert.Equal(["[UNK]"], Tokens(entries, "a"));
    }

    [Fact]
    public void Characters_for_private_use_are_unknown_where_no_entry_has_them_and_known_where_one_has()
    {
        Assert.Equal(["[UNK]"], Tokens(["a", "##b"], "a\uE000b"));
        Assert.Equal(["[UNK]"], Tokens(["a", "##b"], "\uE000b"));
        Assert.Equal(["[UNK]"], Tokens(["a", "##b"], "a\uE001"));
        Assert.Equal(["a", "##\uE000", "##b"], Tokens(["a", "##b", "##\uE000"], "a\uE000b"));
    }

    [Fact]
    public void The_prefix_in_a_text_is_read_as_it_stands() => Assert.Equal(["##a", "##b"], Tokens(["##a", "##b", "#"], "##ab"));

    [Fact]
    public void The_unknown_token_in_a_text_is_read_as_it_stands() => Assert.Equal(["[UNK]", "##s"], Tokens(["[UNK]", "##s"], "[UNK]s"));

    /// <summary>Words far longer than any entry, over few letters, so that entries begin, end and fail everywhere.</summary>
    [Fact]
    public void A_long_word_is_cut_as_a_short_one_is() =>
        Gen.Select(Parts(1, 7).Array[1, 30], Parts(1, 4).Array[0, 6], Parts(1, 400))
            .Sample(
                (entries, beginnings, word) =>
                {
                    string[] vocabulary = [.. entries.Select(entry => "##" + entry).Concat(beginnings).Append(word[..1]).Distinct()];
                    Assert.Equal(Greedy(vocabulary, word), Tokens(vocabulary, word, longestWord: 10_000));
                },
                iter: 300,
                seed: "0000000000000"
            );

    private static Gen<string> Parts(int min, int max) => Gen.Char["abc"].Array[min, max].Select(letters => new string(letters));

    /// <summary>The definition, at its plainest.</summary>
    private static string[] Greedy(string[] entries, string word)
    {
        List<string> tokens = [];
        for (var start = 0; start < word.Length; )
        {
            var mark = start > 0 ? "##" : "";
            var length = Enumerable
                .Range(1, word.Length - start)
                .LastOrDefault(length => entries.Contains($"{mark}{word.AsSpan(start, length)}", StringComparer.Ordinal));
            if (length == 0)
            {
                return ["[UNK]"];
            }

            tokens.Add($"{mark}{word.AsSpan(start, length)}");
            start += length;
        }

        return [.. tokens];
    }

    /// <summary>The tokens, after a look at their ranges: side by side, over the whole word.</summary>
    private static string[] Tokens(string[] entries, string word, int longestWord = 100, bool splitsWords = true)
    {
        var tokens = WordPieceFolder.Load(entries, longestWord, splitsWords).Encode(word).Tokens;
        Assert.Equal(tokens.Skip(1).Select(token => token.Start), tokens.SkipLast(1).Select(token => token.End));
        Assert.Equal((0, word.Length), (tokens[0].Start, tokens[^1].End));
        return [.. tokens.Select(token => token.Text)];
    }
}
