using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ExplainService.Goldens;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace ExplainService.Api.Tests;

/// <summary>The service with the bundled models, behind real HTTP; one for all tests of a collection.</summary>
public class Service : WebApplicationFactory<Program>
{
    private HttpClient? client;

    public HttpClient Http => client ??= CreateClient();

    public static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;

    /// <summary>The answer to a request that must succeed.</summary>
    public async Task<JsonElement> AskAsync(string path, object request)
    {
        using var answer = await Http.PostAsJsonAsync(path, request);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {body[..Math.Min(body.Length, 1000)]}");
        return Parse(body);
    }

    /// <summary>Status and body of a raw request.</summary>
    public async Task<(int Status, JsonElement Body)> PostAsync(string path, string json, string type = "application/json")
    {
        using var content = new StringContent(json, Encoding.UTF8, type);
        using var answer = await Http.PostAsync(new Uri(path, UriKind.Relative), content);
        return ((int)answer.StatusCode, Parse(await answer.Content.ReadAsStringAsync()));
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.UseSetting("Models:Directory", ReferenceData.BundledModels);
        builder.UseSetting("Models:Default", "minilm-sst2");
    }
}
