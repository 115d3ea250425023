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
    public static JsonNode Prediction(Explanation answer) => Warned(Node(answer.Prediction!).AsObject(), answer);

    /// <summary>An object with the warnings of an answer, where there are any.</summary>
    public static JsonObject Warned(JsonObject part, Explanation answer)
    {
        if (answer.Warnings.Count > 0)
        {
            part["warnings"] = new JsonArray([.. answer.Warnings.Select(warning => (JsonNode)warning)]);
        }

        return part;
    }

    /// <summary>What a prediction says: its label, else its text.</summary>
    public static string LabelOf(Prediction prediction) => prediction.Label ?? prediction.Text ?? "";

    /// <summary>How sure it is; of a model without labels its value.</summary>
    public static double? ProbabilityOf(Prediction prediction) => prediction.Probability ?? prediction.Value;

    /// <summary>A number, or null.</summary>
    public static JsonValue? Number(double? number) => number is { } value ? JsonValue.Create(value) : null;

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Strict);
        ApiJson.Configure(options);
        options.TypeInfoResolverChain.Insert(0, AdapterJsonContext.Default);
        options.MakeReadOnly();
        return options;
    }
}
