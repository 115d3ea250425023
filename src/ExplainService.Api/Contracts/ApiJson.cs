using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ExplainService.Jobs.Contracts;
using ExplainService.Protocol.Json;

namespace ExplainService.Api.Contracts;

/// <summary>The answers that only this project has, compiled.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelAnswer))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(LiveAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class ApiJsonContext : JsonSerializerContext;

/// <summary>The protocol's JSON, and the answers about models and health in the same manner.</summary>
internal static class ApiJson
{
    /// <summary>The options of every answer over HTTP.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Applies the conventions to options that others created (ASP.NET's, for the OpenAPI document).</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        ServiceJson.Configure(options);
        options.TypeInfoResolverChain.Insert(0, ApiJsonContext.Default);
        options.TypeInfoResolverChain.Insert(1, JobsJson.Resolver);
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Strict);
        Configure(options);
        options.MakeReadOnly();
        return options;
    }
}
