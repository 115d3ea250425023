using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Api.Contracts;
using ExplainService.Methods.Contracts;

namespace ExplainService.Api.Json;

/// <summary>Everything that crosses the wire, compiled: no reflection on the way of a request.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(PredictRequest))]
[JsonSerializable(typeof(TokenizeRequest))]
[JsonSerializable(typeof(AttentionRequest))]
[JsonSerializable(typeof(SaliencyRequest))]
[JsonSerializable(typeof(OcclusionRequest))]
[JsonSerializable(typeof(ShapRequest))]
[JsonSerializable(typeof(LimeRequest))]
[JsonSerializable(typeof(PermutationRequest))]
[JsonSerializable(typeof(Explanation))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelAnswer))]
[JsonSerializable(typeof(LiveAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class ServiceJsonContext : JsonSerializerContext;

/// <summary>How JSON is read and written: strictly, in snake_case, without nulls.</summary>
internal static class ServiceJson
{
    /// <summary>The options of every request and answer.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Strict);
        Configure(options);
        options.MakeReadOnly();
        return options;
    }

    /// <summary>Applies the service's conventions to options that others created (ASP.NET's, for the OpenAPI document).</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        // Explanations are served as application/json with nosniff, never inside HTML: any script stays readable in them.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.MaxDepth = 32;
        options.TypeInfoResolverChain.Insert(0, ServiceJsonContext.Default);
        options.Converters.Add(new EnumNameConverterFactory());
        options.Converters.Add(new FiniteDoubleConverter());
        options.Converters.Add(new FiniteSingleConverter());
        options.Converters.Add(new LabelRequestConverter());
        options.Converters.Add(new GranularityRequestConverter());
        options.Converters.Add(new BaselineRequestConverter());
        options.Converters.Add(new ReplacementRequestConverter());
    }
}
