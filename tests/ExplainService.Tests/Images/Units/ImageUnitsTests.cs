using ExplainService.Images;
using ExplainService.Images.Units;
using Xunit;

namespace ExplainService.Tests.Images.Units;

/// <summary>Units as labels of pixels.</summary>
public sealed class ImageUnitsTests
{
    [Fact]
    public void Patches_are_numbered_row_by_row()
    {
        var patches = ImageUnits.OfPatches(4, 6, 2, 3);

        Assert.Equal([0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 2, 2, 2, 3, 3, 3], patches.Labels.ToArray());
        Assert.Equal(new Window(3, 2, 3, 2), patches.Boxes[3]);
        Assert.Equal(4, patches.Count);
    }

    [Fact]
    public void Pixels_that_are_left_over_are_patches_of_their_own() =>
        Assert.Equal([0, 0, 1, 1, 2], ImageUnits.OfPatches(1, 5, 1, 2).Labels.ToArray());

    [Fact]
    public void A_box_is_the_smallest_rectangle_around_all_pieces_of_a_unit() =>
        Assert.Equal([new Window(0, 0, 3, 2), new Window(1, 0, 2, 1)], ImageUnits.Of(2, 3, [0, 1, 1, 0, 0, 0]).Boxes);

    [Fact]
    public void A_unit_without_pixels_is_refused() => Assert.Throws<ArgumentException>(() => ImageUnits.Of(1, 2, [0, 2]));
}
