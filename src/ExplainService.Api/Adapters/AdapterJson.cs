using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ExplainService.Api.Contracts;
using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Json;

namespace ExplainService.Api.Adapters;

/// <summary>What the peers' protocols send and are sent, compiled.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(KServeInstances))]
[JsonSerializable(typeof(KServePredictions))]
[JsonSerializable(typeof(InferInput))]
[JsonSerializable(typeof(InferOutput))]
[JsonSerializable(typeof(InferServer))]
[JsonSerializable(typeof(InferModel))]
[JsonSerializable(typeof(InferReady))]
[JsonSerializable(typeof(InferLive))]
[JsonSerializable(typeof(InferModelReady))]
[JsonSerializable(typeof(PingAnswer))]
[JsonSerializable(typeof(ClarifyAnswer))]
[JsonSerializable(typeof(CompletionInput))]
[JsonSerializable(typeof(Completion))]
[JsonSerializable(typeof(TorchServeExplanation))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(VertexInput))]
[JsonSerializable(typeof(VertexAnswer))]
internal sealed partial class AdapterJsonContext : JsonSerializerContext;

/// <summary>The protocols' JSON: read as strictly as this service's own, since a field that does not map must not seem to.</summary>
internal static class AdapterJson
{
    /// <summary>The options of every answer to a peer's client.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>How a request is read.</summary>
    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    /// <summary>An answer of this service, or a part of one, inside a peer's.</summary>
    public static JsonNode Node(object part) => JsonSerializer.SerializeToNode(part, part.GetType(), ServiceJson.Options)!;

    /// <summary>What the model says, with what a reader must know of it.</summary>
    public static JsonNode Prediction(Explanation answer)
    {
        var prediction = Node(answer.Prediction!).AsObject();
        if (answer.Warnings.Count > 0)
        {
            prediction["warnings"] = new JsonArray([.. answer.Warnings.Select(warning => (JsonNode)warning)]);
        }

        return prediction;
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Strict);
        ApiJson.Configure(options);
        options.TypeInfoResolverChain.Insert(0, AdapterJsonContext.Default);
        options.MakeReadOnly();
        return options;
    }
}
