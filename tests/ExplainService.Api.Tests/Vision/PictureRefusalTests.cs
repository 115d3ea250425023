using System.Net.Http.Headers;
using System.Text;

namespace ExplainService.Api.Tests.Vision;

/// <summary>What is refused of pictures, and by whom.</summary>
public sealed class PictureRefusalTests(VisionService service) : IClassFixture<VisionService>
{
    private static string Image => VisionService.Image;

    public static TheoryData<string, string, int> Refused =>
        new()
        {
            { "text", "{\"text\": \"a film\"}", 422 },
            { "text", $"{{\"text\": \"a film\", \"image\": \"{Image}\"}}", 400 },
            { "pair", $"{{\"pair\": \"a film\", \"image\": \"{Image}\"}}", 400 },
            { "image", "{\"image\": \"\"}", 400 },
            { "image", "{\"image\": \"not base64!\"}", 400 },
            { "image", "{\"image\": \"aGVsbG8gd29ybGQ=\"}", 422 },
            { "image", $"{{\"image\": \"{Image[..200]}\"}}", 422 },
            { "granularity", $"{{\"image\": \"{Image}\", \"granularity\": \"word\"}}", 422 },
            { "granularity", $"{{\"image\": \"{Image}\", \"granularity\": [\"superpixel\", \"patch\"]}}", 422 },
            { "segments", $"{{\"image\": \"{Image}\", \"segments\": 9}}", 422 },
            { "segments", $"{{\"image\": \"{Image}\", \"granularity\": \"superpixel\", \"segments\": 1}}", 400 },
            { "replacement", $"{{\"image\": \"{Image}\", \"replacement\": \"mask\"}}", 422 },
            { "labels", $"{{\"image\": \"{Image}\", \"labels\": [\"a cat\"]}}", 422 },
            { "spans", $"{{\"image\": \"{Image}\", \"spans\": [[0, 1]]}}", 422 },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_request_that_makes_no_sense_of_a_picture_names_its_field(string field, string request, int status) =>
        Assert.Contains(field, await service.RefusedFieldsAsync("/occlusion", request, status));

    [Fact]
    public async Task A_method_of_texts_says_so() =>
        Assert.Equal(["image"], await service.RefusedFieldsAsync("/tokenize", new { image = Image }));

    [Fact]
    public async Task Superpixels_are_no_units_of_attention_nor_of_permutation()
    {
        var request = new { image = Image, granularity = "superpixel" };
        Assert.Equal(["granularity"], await service.RefusedFieldsAsync("/attention", request));
        Assert.Equal(["granularity"], await service.RefusedFieldsAsync("/permutation", request));
    }

    [Fact]
    public async Task A_baseline_of_texts_is_none_of_pictures() =>
        Assert.Equal(
            ["baseline"],
            await service.RefusedFieldsAsync(
                "/saliency",
                new
                {
                    image = Image,
                    method = "integrated_gradients",
                    baseline = "pad",
                }
            )
        );

    [Fact]
    public async Task A_form_needs_its_picture_and_no_other_part()
    {
        using var without = new MultipartFormDataContent { { new StringContent("{}", Encoding.UTF8), "request" } };
        using var other = new MultipartFormDataContent
        {
            { new ByteArrayContent(VisionService.Picture), "image", "a.png" },
            { new StringContent("{}", Encoding.UTF8), "answer" },
        };
        using var broken = new ByteArrayContent("--x\r\nnonsense"u8.ToArray())
        {
            Headers = { ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x") },
        };
        foreach (var form in new HttpContent[] { without, other, broken })
        {
            using var response = await service.Client.PostAsync(new Uri("/predict", UriKind.Relative), form);
            Assert.Equal(400, (int)response.StatusCode);
        }
    }

    [Fact]
    public async Task Hostile_bytes_are_refused_and_never_a_fault()
    {
        var random = new Random(7);
        for (var trial = 0; trial < 60; trial++)
        {
            var bytes = (byte[])VisionService.Picture.Clone();
            for (var change = 0; change < 1 + (trial % 9); change++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            bytes = bytes[..random.Next(1, bytes.Length + 1)];
            var (status, _) = await service.PostAsync("/predict", new { image = Convert.ToBase64String(bytes) });
            Assert.True(status is 200 or 400 or 422, $"trial {trial}: {status}");
        }
    }
}
