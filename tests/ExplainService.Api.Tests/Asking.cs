using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ExplainService.Api.Contracts;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Methods;
using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Problems;
using ExplainService.Testing;

namespace ExplainService.Api.Tests;

/// <summary>Asking a service and reading what it answers.</summary>
internal static class Asking
{
    public static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;

    /// <summary>The answer to a request that must succeed.</summary>
    /// <typeparam name="TAnswer">The record of the endpoint's answers, or a base of it.</typeparam>
    /// <param name="service">The service.</param>
    /// <param name="path">The endpoint.</param>
    /// <param name="request">The request, or its JSON.</param>
    public static async Task<TAnswer> AskAsync<TAnswer>(this TestHost service, string path, object request)
        where TAnswer : Explanation
    {
        var record = MethodCatalog.Default.Methods.Single(method => method.Path == path).AnswerType;
        return Assert.IsAssignableFrom<TAnswer>((await service.AskAsync(path, request)).Deserialize(record, JsonAnswers.Options));
    }

    /// <summary>The answer to a request that must succeed, for tests of what stands in the JSON.</summary>
    public static async Task<JsonElement> AskAsync(this TestHost service, string path, object request)
    {
        var (status, body) = await service.PostAsync(path, request);
        var text = body.GetRawText();
        Assert.True(status == 200, $"{path}: {status} {text[..Math.Min(text.Length, 1000)]}");
        return body;
    }

    /// <summary>What a model tells of itself.</summary>
    public static async Task<ModelAnswer> ModelAsync(this HttpClient client, string name) =>
        await (await client.GetAsync(new Uri("/models/" + name, UriKind.Relative))).ReadAsync<ModelAnswer>();

    /// <summary>Status and body.</summary>
    public static async Task<(int Status, JsonElement Body)> PostAsync(this TestHost service, string path, object request)
    {
        using var answer = await service.SendAsync(path, request);
        return ((int)answer.StatusCode, Parse(await answer.Content.ReadAsStringAsync()));
    }

    /// <summary>The problem of a request that must be refused.</summary>
    public static async Task<Problem> RefuseAsync(this TestHost service, string path, object request, int status = 422)
    {
        using var answer = await service.SendAsync(path, request);
        return await answer.ProblemAsync(status);
    }

    /// <summary>The fields at fault of a request that must be refused.</summary>
    public static async Task<IEnumerable<string>> RefusedFieldsAsync(
        this TestHost service,
        string path,
        object request,
        int status = 422
    ) => (await service.RefuseAsync(path, request, status)).Errors!.Keys;

    private static async Task<HttpResponseMessage> SendAsync(this TestHost service, string path, object request)
    {
        using var content = request is string json
            ? new StringContent(json, Encoding.UTF8, "application/json")
            : (HttpContent)JsonContent.Create(request);
        return await service.Client.PostAsync(new Uri(path, UriKind.Relative), content);
    }
}
