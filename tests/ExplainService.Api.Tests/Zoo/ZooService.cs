using System.Net.Http.Json;
using System.Text.Json;
using ExplainService.Goldens;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>The service with all models of the zoo, behind real HTTP.</summary>
public sealed class ZooService : ServiceOf<Zoo>;

/// <summary>The service with all models of a collection, behind real HTTP.</summary>
public class ServiceOf<TCollection> : WebApplicationFactory<Program>
    where TCollection : IModelCollection
{
    private HttpClient? client;

    public HttpClient Http => client ??= CreateClient();

    /// <summary>The answer to a request that must succeed.</summary>
    public async Task<JsonElement> AskAsync(string path, object request)
    {
        var (status, body) = await PostAsync(path, request);
        Assert.True(status == 200, $"{path}: {status} {body.GetRawText()[..Math.Min(body.GetRawText().Length, 1000)]}");
        return body;
    }

    /// <summary>Status and body.</summary>
    public async Task<(int Status, JsonElement Body)> PostAsync(string path, object request)
    {
        using var answer = await Http.PostAsJsonAsync(path, request);
        return ((int)answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }

    /// <summary>Status and fields at fault of a request that must be refused.</summary>
    public async Task<string[]> RefuseAsync(string path, object request, int status = 422)
    {
        var (found, body) = await PostAsync(path, request);
        Assert.True(found == status, $"{path}: {found} {body.GetRawText()[..Math.Min(body.GetRawText().Length, 500)]}");
        return body.TryGetProperty("errors", out var errors) ? [.. errors.EnumerateObject().Select(error => error.Name)] : [];
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.UseSetting("Models:Directory", ReferenceData.PathOf(TCollection.Folder));
        builder.UseSetting("Runtime:TokenBudget", "256");
    }
}
