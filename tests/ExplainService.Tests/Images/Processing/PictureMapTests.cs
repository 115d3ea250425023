using CsCheck;
using ExplainService.Images;
using ExplainService.Images.Processing;
using ExplainService.Images.Units;
using Xunit;

namespace ExplainService.Tests.Images.Processing;

/// <summary>From what a model sees back to the picture as sent.</summary>
public sealed class PictureMapTests
{
    [Fact]
    public void A_warped_picture_maps_by_its_scale()
    {
        var map = new PictureMap(640, 480, 224, 224, new Window(0, 0, 224, 224));

        Assert.Equal(new Window(0, 0, 46, 34), map.ToPicture(new Window(0, 0, 16, 16)));
        Assert.Equal(new Window(594, 446, 46, 34), map.ToPicture(new Window(208, 208, 16, 16)));
    }

    [Fact]
    public void A_cropped_picture_maps_into_its_middle()
    {
        // 448 × 256 to 392 × 224, of which the middle 224 columns are seen.
        var map = new PictureMap(448, 256, 392, 224, new Window(84, 0, 224, 224));

        Assert.Equal(new Window(96, 0, 256, 256), map.ToPicture(new Window(0, 0, 224, 224)));
    }

    [Fact]
    public void What_lies_beyond_the_picture_has_no_place_in_it()
    {
        var map = new PictureMap(20, 20, 20, 20, new Window(-10, -10, 40, 40));

        Assert.Equal(0, map.ToPicture(new Window(0, 0, 10, 40)).Width);
        Assert.Equal(new Window(0, 0, 20, 20), map.ToPicture(new Window(0, 0, 40, 40)));
    }

    [Fact]
    public void Patches_tile_the_picture_and_none_is_without_a_pixel_of_it() =>
        Gen.Select(Gen.Int[1, 700], Gen.Int[1, 700])
            .Sample(
                (width, height) =>
                {
                    var map = new PictureMap(width, height, 56, 56, new Window(0, 0, 56, 56));
                    var boxes = ImageUnits.OfPatches(56, 56, 8, 8).Boxes.Select(map.ToPicture).ToArray();

                    Assert.All(
                        boxes,
                        box =>
                            Assert.True(
                                box is { Left: >= 0, Top: >= 0, Width: > 0, Height: > 0 } && box.Right <= width && box.Bottom <= height
                            )
                    );
                    if (width >= 56 && height >= 56)
                    {
                        Assert.Equal(width * height, boxes.Sum(box => box.Width * box.Height));
                    }
                }
            );

    [Fact]
    public void A_map_of_the_models_pixels_is_laid_back_and_open_where_nothing_was_seen()
    {
        var map = new PictureMap(8, 4, 4, 2, new Window(1, 0, 2, 2));

        var sources = map.Sources(8, 4);

        int[] above = [-1, -1, 0, 0, 1, 1, -1, -1];
        int[] below = [-1, -1, 2, 2, 3, 3, -1, -1];
        Assert.Equal([.. above, .. above, .. below, .. below], sources);
    }

    [Fact]
    public void Brightness_stays_in_its_place_through_processing_and_back()
    {
        const string Crops = """{"image_processor_type": "CLIPImageProcessor", "size": 32, "crop_size": 24, "do_normalize": false}""";
        var pixels = new byte[3 * 90 * 60];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)(i / 3 % 90 is >= 30 and < 60 && i / 3 / 90 is >= 15 and < 45 ? 255 : 0);
        }

        var processed = ImageProcessor.Read(Crops, null).Process(new RgbImage(90, 60, pixels));
        var sources = processed.Map.Sources(90, 60);
        float[] back = [.. sources.Select(source => source < 0 ? float.NaN : processed.Pixels[source])];

        Assert.True(back[(30 * 90) + 45] > 0.99f);
        Assert.True(back[(30 * 90) + 24] < 0.01f);
        Assert.True(back[(51 * 90) + 45] < 0.01f);
    }
}
