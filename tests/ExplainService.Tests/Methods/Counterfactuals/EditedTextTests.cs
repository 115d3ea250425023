using ExplainService.Methods.Counterfactuals;
using ExplainService.Tests.Methods.Pipeline;
using ExplainService.Text.Units;
using Xunit;

namespace ExplainService.Tests.Methods.Counterfactuals;

/// <summary>Changed texts: what is left reads as if nothing had been there, and places are found again.</summary>
public sealed class EditedTextTests
{
    [Theory]
    [InlineData("It was not very good.", "2 3", "It was good.")]
    [InlineData("Not good, but fun.", "0", "good, but fun.")]
    [InlineData("Not very good.", "0 1", "good.")]
    [InlineData("bad, but fun", "1", "bad but fun")]
    [InlineData("first line\nsecond line", "2", "first line\nline")]
    [InlineData("first line\nsecond", "2", "first line")]
    [InlineData("the \"bad\" film", "2", "the \"\" film")]
    [InlineData("悪い映画", "0", "映画")]
    [InlineData("a  b   c", "1", "a   c")]
    public void A_removed_word_takes_its_space_along(string text, string removed, string left)
    {
        var (removals, _) = Removals(text);
        var gone = removed.Split(' ').Select(int.Parse).ToHashSet();
        Assert.Equal(left, removals.Of(gone.Contains).Text);
    }

    [Fact]
    public void Every_edit_of_every_set_is_a_word_s_own_and_can_be_put_back()
    {
        const string text = " It was (not) very\n good, \"really\" . ";
        var (removals, count) = Removals(text);
        for (var set = 1; set < 1 << count; set++)
        {
            var gone = set;
            var edited = removals.Of(unit => (gone >> unit & 1) != 0);
            Assert.Equal(System.Numerics.BitOperations.PopCount((uint)set), edited.Edits.Count);
            Assert.All(edited.Edits.Zip(edited.Edits.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start));
            Assert.Equal(
                edited.Text.Count(character => !char.IsWhiteSpace(character))
                    + edited.Edits.Sum(edit => text[edit.Start..edit.End].Count(character => !char.IsWhiteSpace(character))),
                text.Count(character => !char.IsWhiteSpace(character))
            );
        }
    }

    [Fact]
    public void Places_are_found_again_in_both_directions()
    {
        var input = UnitTexts.Prepare("one two three four");
        var edited = new EditedText(input, [new TextEdit(0, 4, 7, "zwei und"), new TextEdit(0, 0, 4, "")]);
        Assert.Equal("zwei und three four", edited.Text);
        Assert.Equal(edited.Text.IndexOf("three", StringComparison.Ordinal), edited.InEdited(0, 8));
        Assert.Equal((8, 13), edited.InOriginal(0, 9, 14));
        Assert.Null(edited.InOriginal(0, 5, 8));
        Assert.Null(edited.With(new TextEdit(0, 5, 10, "x")));
        Assert.Equal("zwei und three 4", edited.With(new TextEdit(0, 14, 18, "4"))!.Text);
        Assert.Equal("one zwei und three four", edited.Without(0).Text);
    }

    private static (Removals Removals, int Count) Removals(string text)
    {
        var input = UnitTexts.Prepare(text);
        var units = UnitTexts.Units(input, Granularity.Word).Leaves.Units;
        return (new Removals(input, units), units.Count);
    }
}
