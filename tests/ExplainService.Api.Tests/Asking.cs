using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ExplainService.Testing;

namespace ExplainService.Api.Tests;

/// <summary>Asking a service and reading what it answers.</summary>
internal static class Asking
{
    public static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;

    /// <summary>The answer to a request that must succeed, for tests of what stands in the JSON.</summary>
    public static async Task<JsonElement> AskAsync(this TestHost service, string path, object request)
    {
        var (status, body) = await service.PostAsync(path, request);
        Assert.True(status == 200, $"{path}: {status} {Start(body)}");
        return body;
    }

    /// <summary>Status and body.</summary>
    public static async Task<(int Status, JsonElement Body)> PostAsync(this TestHost service, string path, object request)
    {
        using var content = Content(request);
        using var answer = await service.Client.PostAsync(new Uri(path, UriKind.Relative), content);
        return ((int)answer.StatusCode, Parse(await answer.Content.ReadAsStringAsync()));
    }

    /// <summary>The fields at fault of a request that must be refused.</summary>
    public static async Task<string[]> RefuseAsync(this TestHost service, string path, object request, int status = 422)
    {
        var (found, body) = await service.PostAsync(path, request);
        Assert.True(found == status, $"{path}: {found} {Start(body)}");
        return body.TryGetProperty("errors", out var errors) ? [.. errors.EnumerateObject().Select(error => error.Name)] : [];
    }

    private static HttpContent Content(object request) =>
        request is string json ? new StringContent(json, Encoding.UTF8, "application/json") : JsonContent.Create(request);

    private static string Start(JsonElement body) => body.GetRawText()[..Math.Min(body.GetRawText().Length, 1000)];
}
