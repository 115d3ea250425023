using System.Net;
using System.Text;
using System.Text.Json;

namespace ExplainService.Api.Tests.Vision;

/// <summary>Explained pictures as pictures, through HTTP.</summary>
public sealed class PictureViewEndpointTests(VisionService service) : IClassFixture<VisionService>
{
    [Theory]
    [InlineData("/occlusion", "{}")]
    [InlineData("/occlusion", """{"granularity": "superpixel", "segments": 6}""")]
    [InlineData("/shap", """{"max_evaluations": 32}""")]
    [InlineData("/lime", """{"samples": 40}""")]
    [InlineData("/permutation", "{}")]
    [InlineData("/saliency", """{"method": "input_x_gradient"}""")]
    [InlineData("/attention", """{"aggregate": "rollout"}""")]
    public async Task Scores_of_a_picture_are_drawn_over_it(string path, string fields)
    {
        foreach (var view in (string[])["image", "patches"])
        {
            var svg = await DrawnAsync(path, fields, $"format=svg&view={view}");
            Assert.Contains("data:image/png;base64,", svg, StringComparison.Ordinal);
            Assert.Contains("The picture", svg, StringComparison.Ordinal);
        }

        Assert.StartsWith("<!DOCTYPE html>", await DrawnAsync(path, fields, "format=html"), StringComparison.Ordinal);
        Assert.StartsWith("\uFFFDPNG", await DrawnAsync(path, fields, "format=png&opacity=0.5"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_attention_of_a_patch_is_drawn_and_a_patch_that_is_not_there_is_impossible()
    {
        Assert.Contains(
            "patch 3",
            await DrawnAsync("/attention", "{}", "format=svg&view=patch_attention&layer=0&head=1&patch=3"),
            StringComparison.Ordinal
        );

        using var refused = await AskAsync("/attention", "{}", "format=svg&view=patch_attention&patch=16");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
    }

    private async Task<string> DrawnAsync(string path, string fields, string query)
    {
        using var response = await AskAsync(path, fields, query);
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}?{query}: {(int)response.StatusCode}");
        return Encoding.UTF8.GetString(body);
    }

    private async Task<HttpResponseMessage> AskAsync(string path, string fields, string query)
    {
        var request = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(fields)!;
        request["image"] = JsonSerializer.SerializeToElement(VisionService.Image);
        request["model"] = JsonSerializer.SerializeToElement("vit-cls");
        using var content = new StringContent(JsonSerializer.Serialize(request), Encoding.UTF8, "application/json");
        return await service.Client.PostAsync(new Uri($"{path}?{query}", UriKind.Relative), content);
    }
}
