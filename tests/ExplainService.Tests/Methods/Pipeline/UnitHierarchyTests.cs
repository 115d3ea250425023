using ExplainService.Methods.Lime;
using ExplainService.Methods.Pipeline;
using ExplainService.Text.Units;
using Xunit;

namespace ExplainService.Tests.Methods.Pipeline;

/// <summary>Units from coarse to fine: what is inside what.</summary>
public class UnitHierarchyTests
{
    private const string Text = "An unforgettable film. It rained; we left early!\n\nNobody minded (unsurprisingly).";

    [Theory]
    [InlineData("An unforgettable film.|It rained; we left early!|Nobody minded (unsurprisingly).", Granularity.Sentence, Granularity.Word)]
    [InlineData(
        "An unforgettable film. It rained; we left early!|Nobody minded (unsurprisingly).",
        Granularity.Paragraph,
        Granularity.Sentence,
        Granularity.Token
    )]
    public void Units_of_every_level_share_their_tokens_out_among_the_next(string coarsest, params Granularity[] levels)
    {
        var hierarchy = UnitTexts.Units(UnitTexts.Prepare(Text), levels);
        Assert.Equal(coarsest, string.Join('|', hierarchy.Nodes.Select(node => Text[node.Unit.Start..node.Unit.End])));
        Assert.Equal(levels.Length, hierarchy.Levels().Count());
        foreach (var node in hierarchy.Levels().SkipLast(1).SelectMany(level => level))
        {
            Assert.Equal(node.Unit.Tokens, node.Inner.SelectMany(part => part.Unit.Tokens));
            Assert.Equal(node.Unit.Tokens, hierarchy.Leaves.Units.Take(node.End).Skip(node.First).SelectMany(leaf => leaf.Tokens));
            Assert.All(node.Inner, part => Assert.InRange(part.Unit.Start, node.Unit.Start, part.Unit.End));
        }
    }

    [Fact]
    public void A_pair_s_units_are_inside_the_pair_s()
    {
        var hierarchy = UnitTexts.Units(UnitTexts.Prepare(Text, "It was dull. Was it?"), Granularity.Sentence, Granularity.Word);
        Assert.Equal([0, 0, 0, 1, 1], hierarchy.Nodes.Select(node => node.Unit.Sequence));
        Assert.All(hierarchy.Nodes, node => Assert.All(node.Inner, part => Assert.Equal(node.Unit.Sequence, part.Unit.Sequence)));
    }

    [Fact]
    public void A_cancelled_request_builds_none()
    {
        var input = UnitTexts.Prepare(Text);
        var request = new LimeRequest { Text = Text, Granularity = new([Granularity.Word, Granularity.Token]) };
        Assert.Throws<OperationCanceledException>(() =>
            UnitHierarchy.Build(request, input, Granularity.Word, new CancellationToken(canceled: true))
        );
    }
}
