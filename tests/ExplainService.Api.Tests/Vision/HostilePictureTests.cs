using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Methods.Predictions;

namespace ExplainService.Api.Tests.Vision;

/// <summary>Pictures as nobody means them, through HTTP: the right pixels, or a refusal that says what is wrong.</summary>
public sealed class HostilePictureTests(VisionService service) : IClassFixture<VisionService>
{
    private static readonly Dictionary<string, JsonElement> Decoded = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(
        File.ReadAllBytes(ReferenceData.PathOf("pictures", "decoded.json"))
    )!;

    /// <summary>Files, what they are called in the refusal, and its status.</summary>
    public static TheoryData<string, string> Refused =>
        new()
        {
            { "animated.gif", "a GIF" },
            { "picture.bmp", "a BMP" },
            { "picture.tiff", "a TIFF" },
            { "grey16.png", "16 bits" },
        };

    /// <summary>What was left out of a picture that is read, if anything was.</summary>
    public static TheoryData<string, string?> Read =>
        new()
        {
            { "cmyk.jpg", null },
            { "rgb16.png", null },
            { "grey.jpg", null },
            { "palette.png", null },
            { "interlaced.png", null },
            { "progressive.jpg", null },
            { "exif6.jpg", null },
            { "exif8.webp", null },
            { "rgba.png", "transparency_dropped" },
            { "grey-alpha.png", "transparency_dropped" },
            { "palette-transparent.png", "transparency_dropped" },
            { "alpha.webp", "transparency_dropped" },
            { "animated.png", "first_frame" },
            { "animated.webp", "first_frame" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Another_kind_of_picture_is_refused_by_its_name(string name, string called) =>
        Assert.Contains(called, await RefusedAsync(Of(name)), StringComparison.Ordinal);

    [Theory]
    [InlineData("%PDF-1.7 and so on", "a PDF")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "an SVG")]
    [InlineData("\0\0\0\u001cftypavif\0\0\0\0", "an AVIF")]
    [InlineData("MZ and so on", "no picture")]
    public async Task Another_file_is_refused_by_its_name(string start, string called) =>
        Assert.Contains(called, await RefusedAsync(Encoding.Latin1.GetBytes(start)), StringComparison.Ordinal);

    [Theory]
    [InlineData("rgb.png")]
    [InlineData("420.jpg")]
    [InlineData("progressive.jpg")]
    [InlineData("lossy.webp")]
    [InlineData("lossless.webp")]
    [InlineData("animated.png")]
    public async Task A_picture_that_is_cut_off_is_refused_wherever_it_ends(string name)
    {
        var file = Of(name);
        foreach (var share in new[] { 0.05, 0.3, 0.6, 0.9 })
        {
            await RefusedAsync(file[..(int)(share * file.Length)]);
        }

        await RefusedAsync(file[..^3]);
    }

    [Theory]
    [MemberData(nameof(Read))]
    public async Task An_unusual_picture_is_the_pixels_that_Pillow_reads_and_says_what_was_left_out(string name, string? warning)
    {
        var answer = await PredictAsync(Of(name));
        var (decoded, width) = (Decoded[name], Decoded[name].GetProperty("width").GetInt32());
        var rgb = Convert.FromBase64String(decoded.GetProperty("rgb").GetString()!);
        var plain = await PredictAsync(
            Png.Of(
                width,
                decoded.GetProperty("height").GetInt32(),
                (x, y) =>
                {
                    var at = 3 * ((y * width) + x);
                    return (rgb[at], rgb[at + 1], rgb[at + 2]);
                }
            )
        );
        Assert.Equal(plain.Prediction!.Labels!.Select(label => label.Logit), answer.Prediction!.Labels!.Select(label => label.Logit));
        Assert.Equal((plain.Image!.Width, plain.Image.Height), (answer.Image!.Width, answer.Image.Height));
        Assert.Equal(warning is null ? [] : [warning], answer.WarningCodes.Where(code => code is "first_frame" or "transparency_dropped"));
    }

    [Fact]
    public async Task A_hundred_megapixels_in_a_kilobyte_are_refused_before_there_is_room_for_one()
    {
        var bomb = Png.Of(1, 1, (_, _) => (0, 0, 0));
        BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(16), 10_000);
        BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(20), 10_000);
        Png.Sign(bomb.AsSpan(8));
        var why = await RefusedAsync(bomb);
        Assert.Contains("10000 × 10000", why, StringComparison.Ordinal);
        Assert.Contains("Images:MaxPixels", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_of_pixels_longer_than_any_picture_is_refused()
    {
        var thread = Png.Of(1, 1, (_, _) => (0, 0, 0));
        BinaryPrimitives.WriteInt32BigEndian(thread.AsSpan(16), 1 << 24);
        Png.Sign(thread.AsSpan(8));
        Assert.Contains("65535", await RefusedAsync(thread), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://example.com/cat.png", 400, "not fetched")]
    [InlineData("data:image/png,abc", 400, "base64")]
    [InlineData("data:text/plain;base64,aGVsbG8=", 422, "of no picture")]
    [InlineData("iVBORw0-_", 400, "base64url")]
    public async Task What_stands_for_no_bytes_of_a_picture_says_so(string image, int status, string why)
    {
        var problem = await service.RefuseAsync("/predict", new { image }, status);
        Assert.Contains(why, problem.Errors!["image"][0], StringComparison.Ordinal);
    }

    private static byte[] Of(string name) => File.ReadAllBytes(ReferenceData.PathOf("pictures", "files", name));

    private Task<PredictAnswer> PredictAsync(byte[] file) =>
        service.AskAsync<PredictAnswer>("/predict", new { image = Convert.ToBase64String(file) });

    private async Task<string> RefusedAsync(byte[] file) =>
        (await service.RefuseAsync("/predict", new { image = Convert.ToBase64String(file) })).Errors!["image"][0];
}
