using ExplainService.Methods.Contracts;
using ExplainService.Methods.Targets;
using Xunit;

namespace ExplainService.Tests.Methods.Targets;

/// <summary>From a label to a class.</summary>
public sealed class LabelTargetTests
{
    private static readonly string[] Labels = ["good", "Bad", "bad", "x", "x"];

    [Theory]
    [InlineData("good", 0)]
    [InlineData("GOOD", 0)]
    [InlineData("bad", 2)]
    [InlineData("LABEL_5", 5)]
    public void A_name_is_one_class(string name, int index) =>
        Assert.Equal(index, LabelTarget.Index(new LabelRequest(name, null), Labels, 6));

    [Theory]
    [InlineData("x", "3, 4")]
    [InlineData("BAD", "1, 2")]
    public void A_name_of_several_classes_is_refused_with_their_numbers(string name, string numbers)
    {
        var refused = Assert.Throws<InvalidRequestException>(() => LabelTarget.Index(new LabelRequest(name, null), Labels, 6));
        Assert.True(refused.Impossible);
        Assert.Contains(numbers, refused.Errors["target.label"].Single(), StringComparison.Ordinal);
        Assert.Equal(4, LabelTarget.Index(new LabelRequest(null, 4), Labels, 6));
    }
}
