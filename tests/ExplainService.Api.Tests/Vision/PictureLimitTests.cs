using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Testing;

namespace ExplainService.Api.Tests.Vision;

/// <summary>
/// <c>Images:MaxBytes</c> and <c>Limits:MaxBodyBytes</c> fit together: a picture that the one allows is never over the other, however it is
/// sent, and what stands beside it is as limited as any body.
/// </summary>
public sealed class PictureLimitTests(PictureLimitTests.Limited service) : IClassFixture<PictureLimitTests.Limited>
{
    private const int MaxBody = 20_000;
    private const int MaxPicture = 60_000;

    // 3 bytes a pixel that compression finds nothing in.
    private static readonly byte[] Allowed = Noise(130);
    private static readonly byte[] TooLarge = Noise(143);

    [Fact]
    public void The_pictures_are_on_either_side_of_the_limit_and_both_over_that_of_a_body()
    {
        Assert.InRange(Allowed.Length, 2 * MaxBody, MaxPicture);
        Assert.InRange(TooLarge.Length, MaxPicture + 1, 80_000);
    }

    [Theory]
    [InlineData("base64")]
    [InlineData("data")]
    [InlineData("form")]
    public async Task A_picture_within_its_own_limit_is_answered_and_one_over_it_is_too_large(string how)
    {
        Assert.Equal(200, (await SendAsync(Allowed, how)).Status);
        var (status, problem) = await SendAsync(TooLarge, how);
        Assert.Equal(413, status);
        Assert.Contains("Images:MaxBytes", problem.GetProperty("errors").GetProperty("image")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_of_a_stream_may_hold_such_pictures_too_and_each_is_refused_alone()
    {
        var lines = string.Concat(
            new object[]
            {
                new { id = 1, image = Convert.ToBase64String(Allowed) },
                new { id = 2, image = Convert.ToBase64String(TooLarge) },
                new { id = 3, text = new string('a', MaxBody + 1) },
                new { id = 4, image = VisionService.Image },
            }.Select(line => JsonSerializer.Serialize(line) + "\n")
        );
        using var content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
        using var response = await service.Client.PostAsync(new Uri("/predict", UriKind.Relative), content);
        var answers = (await response.Content.ReadAsStringAsync())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(Asking.Parse)
            .ToArray();
        Assert.Equal(
            [200, 413, 413, 200],
            answers.Select(answer => answer.TryGetProperty("status", out var status) ? status.GetInt32() : 200)
        );
    }

    [Theory]
    [InlineData("text")]
    [InlineData("hypothesis_template")]
    public async Task What_stands_beside_a_picture_is_as_limited_as_a_body_without_one(string field)
    {
        var request = new Dictionary<string, string> { [field] = new('a', MaxBody), ["image"] = VisionService.Image };
        Assert.Equal(413, (await service.PostAsync("/predict", request)).Status);
        request.Remove("image");
        Assert.Equal(413, (await service.PostAsync("/predict", request)).Status);
    }

    [Fact]
    public async Task A_body_that_no_picture_could_fill_is_refused_unread() =>
        Assert.Equal(413, (await service.PostAsync("/predict", new { image = new string('A', 2 * (MaxBody + MaxPicture)) })).Status);

    [Fact]
    public async Task More_pixels_than_are_read_are_impossible_however_small_the_file()
    {
        var flat = Png.Of(300, 200, (_, _) => (1, 2, 3));
        Assert.InRange(flat.Length, 1, MaxBody);
        var (status, problem) = await SendAsync(flat, "base64");
        Assert.Equal(422, status);
        Assert.Contains("Images:MaxPixels", problem.GetProperty("errors").GetProperty("image")[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("application/octet-stream")]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task A_body_that_is_the_picture_itself_is_of_the_wrong_type(string? type)
    {
        using var content = new ByteArrayContent(VisionService.Picture);
        content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
        using var response = await service.Client.PostAsync(new Uri("/predict", UriKind.Relative), content);
        Assert.Equal(415, (int)response.StatusCode);
    }

    private async Task<(int Status, JsonElement Body)> SendAsync(byte[] picture, string how)
    {
        var base64 = Convert.ToBase64String(picture);
        if (how != "form")
        {
            return await service.PostAsync("/predict", new { image = how == "data" ? "data:image/png;base64," + base64 : base64 });
        }

        using var form = new MultipartFormDataContent
        {
            { new StringContent("{}", Encoding.UTF8, "application/json"), "request" },
            { new ByteArrayContent(picture), "image", "a.png" },
        };
        using var response = await service.Client.PostAsync(new Uri("/predict", UriKind.Relative), form);
        return ((int)response.StatusCode, Asking.Parse(await response.Content.ReadAsStringAsync()));
    }

    private static byte[] Noise(int side)
    {
        var random = new Random(5);
        return Png.Of(side, side, (_, _) => ((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)));
    }

    /// <summary>The service with small limits.</summary>
    public sealed class Limited : TestHost
    {
        protected override IEnumerable<(string Key, string Value)> Settings =>
            [
                ("Models:Directory", ReferenceData.PathOf("vision")),
                ("Runtime:TokenBudget", "256"),
                ("Limits:MaxBodyBytes", $"{MaxBody}"),
                ("Images:MaxBytes", $"{MaxPicture}"),
                ("Images:MaxPixels", "40000"),
            ];
    }
}
