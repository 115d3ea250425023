using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Images;
using ExplainService.Images.Processing;
using Xunit;

namespace ExplainService.Tests.Images.Processing;

/// <summary><c>preprocessor_config.json</c> to <c>pixel_values</c>, bit for bit as Transformers' steps give them with Pillow and NumPy.</summary>
public sealed class ImageProcessorTests
{
    private static readonly Processed[] Expected = JsonSerializer.Deserialize<Processed[]>(
        System.IO.File.ReadAllBytes(ReferenceData.PathOf("pictures", "processed.json")),
        JsonSerializerOptions.Web
    )!;

    public static TheoryData<string> Names => [.. Expected.Select(processed => processed.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Pixel_values_are_those_of_Transformers(string name)
    {
        var expected = Expected.Single(processed => processed.Name == name);
        var processor = ImageProcessor.Read(expected.Config.GetRawText(), "vit");

        var processed = processor.Process(Pictures.Read("source.png"));

        Assert.Equal((3, expected.Shape[1], expected.Shape[2]), (expected.Shape[0], processed.Height, processed.Width));
        Assert.Equal(expected.Start, processed.Pixels[..expected.Start.Length]);
        Assert.Equal(expected.Sha256, Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(processed.Pixels.AsSpan()))));
    }

    [Theory]
    [InlineData("""{"image_processor_type": "ViTImageProcessor"}""", 224, 224)]
    [InlineData("""{"image_processor_type": "CLIPImageProcessor", "crop_size": {"height": 30, "width": 40}}""", 30, 40)]
    [InlineData("""{"image_processor_type": "ConvNextImageProcessor", "size": 400}""", 400, 400)]
    public void The_size_is_known_before_any_picture(string json, int height, int width) =>
        Assert.Equal(new PixelSize(height, width), ImageProcessor.Read(json, null).Size);

    [Fact]
    public void The_size_of_a_picture_that_is_neither_warped_nor_cropped_depends_on_it()
    {
        var processor = ImageProcessor.Read(
            """{"image_processor_type": "CLIPImageProcessor", "do_center_crop": false, "size": 50}""",
            null
        );

        Assert.Null(processor.Size);
        var processed = processor.Process(Pictures.Formula(200, 100));
        Assert.Equal((50, 100), (processed.Height, processed.Width));
    }

    [Fact]
    public void A_picture_that_would_be_made_too_large_is_refused()
    {
        var processor = ImageProcessor.Read("""{"image_processor_type": "CLIPImageProcessor", "do_center_crop": false}""", null);

        var refused = Assert.Throws<ImageException>(() => processor.Process(Pictures.OneColour(30_000, 1, 0, 0, 0)));

        Assert.Equal(ImageFault.TooLarge, refused.Fault);
    }

    [Theory]
    [InlineData("ViTImageProcessor", 3, 0)]
    [InlineData("DeiTImageProcessorFast", 3, 2)]
    [InlineData("DeiTImageProcessor", 3, 1)]
    [InlineData("DeiTImageProcessorFast", -3, -1)]
    [InlineData("DeiTImageProcessor", -3, -2)]
    public void Odd_margins_are_cut_as_the_class_cuts_them(string type, int margin, int offset)
    {
        var crop = type.StartsWith("DeiT", StringComparison.Ordinal) ? $$""", "crop_size": {{20 - margin}}""" : "";
        var processor = ImageProcessor.Read($$"""{"image_processor_type": "{{type}}", "do_resize": false{{crop}}}""", null);

        Assert.Equal((offset, offset), (processor.Map(20, 20).Seen.Left, processor.Map(20, 20).Seen.Top));
    }

    [Fact]
    public void What_the_model_sees_can_be_shown()
    {
        var processor = ImageProcessor.Read("""{"image_processor_type": "ViTImageProcessor", "do_resize": false}""", null);
        var picture = Pictures.Read("source.png");

        Assert.Equal(picture.Pixels, processor.Show(processor.Process(picture)).Pixels);
    }

    [Fact]
    public void A_file_as_Transformers_saves_it_today_is_read()
    {
        const string Saved = """
            {"crop_size": null, "data_format": "channels_first", "default_to_square": true, "device": null, "disable_grouping": null, "do_center_crop": null,
             "do_convert_rgb": null, "do_normalize": true, "do_rescale": true, "do_resize": true, "image_mean": [0.5, 0.5, 0.5],
             "image_processor_type": "ViTImageProcessorFast", "image_std": [0.5, 0.5, 0.5], "input_data_format": null, "resample": 2,
             "rescale_factor": 0.00392156862745098, "return_tensors": null, "size": {"height": 32, "width": 32}}
            """;

        var settings = ImageProcessor.Read(Saved, "vit").Settings;

        Assert.Equal(("ViTImageProcessor", true), (settings.Type, settings.Fast));
        Assert.Equal(new ResizeTarget.Exact(new PixelSize(32, 32)), settings.Resize);
    }

    [Theory]
    [InlineData("""{"image_processor_type": "DonutImageProcessor"}""", "image_processor_type")]
    [InlineData("""{"feature_extractor_type": "PoolFormerFeatureExtractor"}""", "image_processor_type")]
    [InlineData("""{}""", "image_processor_type")]
    [InlineData("""{"image_processor_type": "ViTImageProcessor", "do_sharpen": true}""", "do_sharpen")]
    [InlineData("""{"image_processor_type": "ViTImageProcessor", "do_pad": true}""", "do_pad")]
    [InlineData("""{"image_processor_type": "ViTImageProcessor", "do_center_crop": true}""", "do_center_crop")]
    [InlineData("""{"image_processor_type": "ViTImageProcessor", "data_format": "channels_last"}""", "data_format")]
    [InlineData("""{"image_processor_type": "ViTImageProcessor", "auto_map": {"AutoImageProcessor": "own.Code"}}""", "auto_map")]
    [InlineData("""{"image_processor_type": "ViTImageProcessor", "size": {"longest_edge": 30}}""", "size")]
    [InlineData("""{"image_processor_type": "ViTImageProcessor", "size": 0}""", "size")]
    [InlineData("""{"image_processor_type": "ViTImageProcessor", "size": "large"}""", "size")]
    [InlineData("""{"image_processor_type": "ViTImageProcessor", "resample": 7}""", "resample")]
    [InlineData("""{"image_processor_type": "ViTImageProcessor", "image_std": [0.5, 0, 0.5]}""", "image_std")]
    [InlineData("""{"image_processor_type": "ViTImageProcessor", "image_mean": [0.5]}""", "image_mean")]
    [InlineData("""{"image_processor_type": "ViTImageProcessor", "rescale_factor": -1}""", "rescale_factor")]
    [InlineData("""{"image_processor_type": "ConvNextImageProcessor", "size": {"height": 3, "width": 3}}""", "size")]
    [InlineData("""{"image_processor_type": "ConvNextImageProcessor", "crop_pct": 2}""", "crop_pct")]
    [InlineData("""{"image_processor_type": 3}""", "image_processor_type")]
    [InlineData("""[]""", "")]
    [InlineData("""{""", "")]
    public void What_would_show_the_model_other_pixels_is_refused_by_name(string json, string field)
    {
        var refused = Assert.Throws<ImageProcessorException>(() => ImageProcessor.Read(json, null));

        Assert.Equal(field, refused.Field);
        Assert.Contains(field, refused.Message, StringComparison.Ordinal);
    }

    private sealed record Processed(string Name, JsonElement Config, int[] Shape, string Sha256, float[] Start);
}
