using CsCheck;
using ExplainService.Images;
using ExplainService.Images.Units;
using Xunit;

namespace ExplainService.Tests.Images.Units;

/// <summary>Patches, grids and hidden units.</summary>
public sealed class ImageUnitsTests
{
    [Fact]
    public void Patches_are_numbered_row_by_row()
    {
        var grid = PatchGrid.OfPatches(4, 6, 2, 3);

        Assert.Equal((2, 2), (grid.Rows, grid.Columns));
        Assert.Equal([0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 2, 2, 2, 3, 3, 3], grid.Units.Labels.ToArray());
        Assert.Equal(new Window(3, 2, 3, 2), grid.Units.Boxes[3]);
    }

    [Fact]
    public void Pixels_that_no_patch_reads_belong_to_the_last_ones() =>
        Assert.Equal([0, 0, 1, 1, 1], PatchGrid.OfPatches(1, 5, 1, 2).Units.Labels.ToArray());

    [Theory]
    [InlineData(5, 7, 2, 3)]
    [InlineData(3, 2, 9, 9)]
    [InlineData(1, 1, 1, 1)]
    public void Cells_of_a_grid_cover_the_picture_and_differ_by_one_pixel(int height, int width, int rows, int columns)
    {
        var grid = PatchGrid.OfCells(height, width, rows, columns);

        Assert.Equal(grid.Rows * grid.Columns, grid.Units.Count);
        Assert.Equal(height * width, Enumerable.Range(0, grid.Units.Count).Sum(grid.Units.Area));
        Assert.InRange(grid.Units.Boxes.Max(box => box.Width) - grid.Units.Boxes.Min(box => box.Width), 0, 1);
    }

    [Fact]
    public void Hiding_replaces_the_pixels_of_absent_units_in_every_channel_and_no_other() =>
        Gen.Select(Gen.Int[0, 3].Array[5 * 7], Gen.Bool.Array[4])
            .Where((labels, _) => labels.Distinct().Count() == 4)
            .Sample(
                (labels, present) =>
                {
                    var units = ImageUnits.Of(5, 7, labels);
                    var pixels = Enumerable.Range(0, 3 * 35).Select(i => (float)i).ToArray();
                    var row = new float[pixels.Length];

                    units.Hide(pixels, new float[pixels.Length], present, row);

                    Assert.Equal(pixels.Select((value, i) => present[labels[i % 35]] ? value : 0), row);
                }
            );

    [Fact]
    public void Hiding_allocates_nothing()
    {
        var units = PatchGrid.OfPatches(224, 224, 16, 16).Units;
        var (pixels, row) = (new float[3 * 224 * 224], new float[3 * 224 * 224]);
        var present = new bool[units.Count];
        units.Hide(pixels, pixels, present, row);

        Assert.Equal(0, Allocations.Of(() => units.Hide(pixels, pixels, present, row)));
    }

    [Fact]
    public void Sums_over_units_and_scores_spread_over_them_agree()
    {
        var units = PatchGrid.OfPatches(4, 4, 2, 2).Units;

        var spread = units.Spread([1, 2, 3, 4]);

        Assert.Equal([4.0, 8, 12, 16], units.Sums(spread));
    }

    [Fact]
    public void A_unit_without_pixels_is_refused() => Assert.Throws<ArgumentException>(() => ImageUnits.Of(1, 2, [0, 2]));
}
