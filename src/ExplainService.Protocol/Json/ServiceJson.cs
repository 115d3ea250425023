using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Problems;

namespace ExplainService.Protocol.Json;

/// <summary>Requests, explanations and problems, compiled: no reflection on the way of a request.</summary>
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
internal sealed partial class ServiceJsonContext : JsonSerializerContext;

/// <summary>How JSON is read and written: strictly, in snake_case, without nulls.</summary>
public static class ServiceJson
{
    /// <summary>The options of every request, explanation and problem.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Strict);
        Configure(options);
        options.MakeReadOnly();
        return options;
    }

    /// <summary>Applies the service's conventions to options that others created.</summary>
    /// <param name="options">The options.</param>
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
