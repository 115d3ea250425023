using ExplainService.Goldens;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Lime;
using ExplainService.Methods.Pipeline;
using ExplainService.Text.Tokenization;
using ExplainService.Text.Units;
using Xunit;

namespace ExplainService.Tests.Methods.Pipeline;

/// <summary>Which characters units stand for, by every tokenizer that there is, on texts that tokenizers treat oddly.</summary>
public class UnitRangeTests
{
    private static readonly string[] Texts =
    [
        "Sodium is low",
        "I like 🤗Hub a lot",
        "the [MASK] is <mask> or [UNK]",
        "😀😃😄🤣 fun👨‍👩‍👧‍👦family 🇩🇪🇫🇷",
        "ฉันไม่ชอบหนังเรื่องนี้เลย",
        "我不喜欢这部电影。真的！",
        "½ cup; ﬁne, Å ⅷ ㎏",
        "e\u0301a\u0316\u0301 zero\u200bwidth \u0007bell",
        "  two  spaces\n\n\nand lines\t.",
        "don't—stop…(really)! \"Yes.\" He left.",
        "https://example.org/a_b?c=d&e=f#g",
        "мир 한국어 हिन्दी عربى",
        "𝒜𝓁𝓅𝒽𝒶 ggggg",
    ];

    private static readonly Granularity[] Sizes = [Granularity.Token, Granularity.Word, Granularity.Sentence, Granularity.Paragraph];

    public static TheoryData<string> Tokenizers =>
        [
            .. new[] { "zoo", "families", "tokenizers" }
                .SelectMany(kind => Directory.EnumerateDirectories(ReferenceData.PathOf(kind)))
                .Where(folder => !Path.GetFileName(folder).Contains('.', StringComparison.Ordinal))
                .Select(folder => Path.Combine(Path.GetFileName(Path.GetDirectoryName(folder))!, Path.GetFileName(folder))),
        ];

    [Theory]
    [MemberData(nameof(Tokenizers))]
    public void Units_never_overlap_and_hold_the_characters_of_their_tokens(string folder)
    {
        var tokenizer = Tokenizer.Load(ReferenceData.PathOf(folder.Split(Path.DirectorySeparatorChar)));
        foreach (var text in Texts)
        {
            var whole = tokenizer.Encode(text);
            var input = new PreparedInput(text, null, new InputOffsets(OffsetUnit.Utf16, text, null), whole, [whole], []);
            int[] own = [.. whole.Tokens.Index().Where(token => !token.Item.Special).Select(token => token.Index)];
            if (own.Length == 0)
            {
                continue;
            }

            foreach (var size in Sizes)
            {
                var units = UnitSet.Build(input, size).Units;
                Assert.Equal(own, units.SelectMany(unit => unit.Tokens));
                Assert.All(units, unit => Assert.InRange(unit.Start, 0, unit.End));
                Assert.All(units.Zip(units.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start, $"{text} by {size}"));
                if (size != Granularity.Token)
                {
                    Assert.All(units, unit => Assert.True(unit.Start < unit.End));
                    Assert.All(units, unit => Assert.All(unit.Tokens, token => HoldsText(text, unit, whole.Tokens[token])));
                }
            }

            AssertNested(UnitHierarchy.Build(Request(text), input, Granularity.Word).Nodes);
        }
    }

    [Theory]
    [InlineData("I like 🤗Hub a lot", "I|like|🤗Hub|a|lot")]
    [InlineData("a [MASK] film", "a|[MASK]|film")]
    [InlineData("a film.", "a|film|.")]
    public void Words_that_share_a_token_are_one_unit(string text, string expected)
    {
        var units = UnitSet.Build(UnitTexts.Prepare(text), Granularity.Word).Units;
        Assert.Equal(expected, string.Join('|', units.Select(unit => text[unit.Start..unit.End])));
    }

    [Fact]
    public void A_piece_that_stands_for_no_character_covers_nothing()
    {
        const string Text = "Sodium is low";
        var whole = Tokenizer.Load(ReferenceData.PathOf("zoo", "deberta-cls")).Encode(Text);
        var input = new PreparedInput(Text, null, new InputOffsets(OffsetUnit.Utf16, Text, null), whole, [whole], []);
        var units = UnitSet.Build(input, Granularity.Token).Units;
        Assert.Equal("Sodiumislow", string.Concat(units.Select(unit => Text[unit.Start..unit.End].Trim())));
    }

    private static LimeRequest Request(string text) =>
        new()
        {
            Text = text,
            Granularity = new GranularityRequest([Granularity.Paragraph, Granularity.Sentence, Granularity.Word, Granularity.Token]),
        };

    private static void HoldsText(string text, Unit unit, ExplainService.Text.Token token)
    {
        var (start, end) = (token.Start, token.End);
        while (start < end && char.IsWhiteSpace(text[start]))
        {
            start++;
        }

        while (end > start && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        Assert.True(start == end || (unit.Start <= start && end <= unit.End), $"'{token.Text}' sticks out of its unit in {text}");
    }

    private static void AssertNested(IReadOnlyList<UnitNode> nodes)
    {
        Assert.All(nodes.Zip(nodes.Skip(1)), pair => Assert.True(pair.First.Unit.End <= pair.Second.Unit.Start));
        foreach (var node in nodes.Where(node => node.Inner.Count > 0))
        {
            Assert.Equal(node.Unit.Tokens, node.Inner.SelectMany(part => part.Unit.Tokens));
            AssertNested(node.Inner);
        }
    }
}
