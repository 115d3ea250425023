using Xunit;

namespace ExplainService.Tests.Text.Families;

/// <summary>WordPiece and whole words, on vocabularies of a few entries.</summary>
public sealed class WordPieceTests
{
    private const string Model = """
        {
          "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 12,
          "vocab": {"[UNK]": 0, "un": 1, "una": 2, "##aff": 3, "##ff": 4, "##able": 5, "able": 6, "##é": 7}
        }
        """;

    [Theory]
    [InlineData("able", "able[0-4]")]
    [InlineData("unaffable", "una[0-3] ##ff[3-5] ##able[5-9]")]
    [InlineData("uné", "un[0-2] ##é[2-3]")]
    public void The_longest_entry_that_begins_the_rest_comes_first(string word, string expected) => Assert.Equal(expected, Tokens(word));

    [Theory]
    [InlineData("unx", "[UNK][0-3]")]
    [InlineData("xable", "[UNK][0-5]")]
    [InlineData("unableable", "[UNK][0-10]")]
    public void A_word_of_which_a_part_has_no_entry_is_unknown_as_a_whole(string word, string expected) =>
        Assert.Equal(expected, Tokens(word));

    [Fact]
    public void A_word_over_the_limit_of_characters_is_unknown() => Assert.Equal("[UNK][0-14]", Tokens("unableableable"));

    [Fact]
    public void A_whole_word_is_found_or_unknown()
    {
        var tokenizer = TinyTokenizer.Load(TinyTokenizer.Words("good", "film"), splitter: """{"type": "WhitespaceSplit"}""");
        Assert.Equal("good[0-4] ?[5-8] film[9-13]", TinyTokenizer.Tokens(tokenizer, "good bad film"));
    }

    private static string Tokens(string word) => TinyTokenizer.Tokens(TinyTokenizer.Load(Model), word);
}
