using CsCheck;
using ExplainService.Methods.Shapley;
using Xunit;

namespace ExplainService.Tests.Methods.Shapley;

/// <summary>How a text falls into a hierarchy of groups.</summary>
public sealed class PartitionTreeTests
{
    [Theory]
    [InlineData("I came. I saw.", "I|came|.|I|saw|.", "((I (came .)) (I (saw .)))")]
    [InlineData("not bad, but dull", "not|bad|,|but|dull", "((not (bad ,)) (but dull))")]
    [InlineData("un##forget table", "un|##|forget|table", "((un (## forget)) table)")]
    [InlineData("one two\n\nthree. four", "one|two|three|.|four", "((one two) ((three .) four))")]
    [InlineData("word", "word", "word")]
    [InlineData("a b c d", "a|b|c|d", "((a b) (c d))")]
    [InlineData("He said (so) twice", "He|said|(|so|)|twice", "((He said) ((( (so ))) twice))")]
    public void Groups_follow_paragraphs_sentences_phrases_words_and_pieces(string text, string units, string expected) =>
        Assert.Equal(expected, Show(PartitionTree.Of(text, Units(text, units))!, units.Split('|')));

    [Fact]
    public void Words_that_carry_their_punctuation_are_split_after_it() =>
        Assert.Equal(
            "((Good, bad.) So?)",
            Show(PartitionTree.Of("Good, bad. So?", Units("Good, bad. So?", "Good,|bad.|So?"))!, ["Good,", "bad.", "So?"])
        );

    [Fact]
    public void Every_tree_is_binary_and_has_every_unit_once() =>
        Gen
            .String.Select(Gen.Int[1, 5])
            .Sample(
                (text, width) =>
                {
                    var units = text.Chunk(width)
                        .Select((piece, i) => new PartitionUnit(new string(piece), i * width, (i * width) + piece.Length))
                        .ToArray();
                    Check(PartitionTree.Of(text, units), 0, units.Length);
                    Check(PartitionTree.Halves(units.Length), 0, units.Length);
                }
            );

    [Fact]
    public void A_long_text_is_no_deeper_than_it_need_be()
    {
        var depth = Depth(PartitionTree.Halves(5000)!);
        Assert.Equal(14, depth);
    }

    private static int Depth(PartitionTree tree) => tree.Left is null ? 1 : 1 + Math.Max(Depth(tree.Left), Depth(tree.Right!));

    private static void Check(PartitionTree? tree, int first, int end)
    {
        Assert.Equal(end - first, tree?.Count ?? 0);
        if (tree is { Count: > 1 })
        {
            Assert.Equal(first, tree.First);
            Check(tree.Left, first, tree.Left!.End);
            Check(tree.Right, tree.Left.End, end);
        }
    }

    private static PartitionUnit[] Units(string text, string units)
    {
        var at = 0;
        return
        [
            .. units
                .Split('|')
                .Select(unit =>
                {
                    var start = text.IndexOf(unit, at, StringComparison.Ordinal);
                    at = start + unit.Length;
                    return new PartitionUnit(unit, start, at);
                }),
        ];
    }

    private static string Show(PartitionTree tree, string[] units) =>
        tree.Left is null ? units[tree.First] : $"({Show(tree.Left, units)} {Show(tree.Right!, units)})";
}
