using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Methods;
using ExplainService.Protocol.Problems;

namespace ExplainService.Protocol.Json;

/// <summary>What no method brings of its own, compiled.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ScoredSource))]
[JsonSerializable(typeof(ProgressLine))]
internal sealed partial class ServiceJsonContext : JsonSerializerContext;

/// <summary>
/// How JSON is read and written: strictly, in snake_case, without nulls. Each method brings what is compiled of its request and its answer,
/// so that there is no reflection on the way of a request.
/// </summary>
public static class ServiceJson
{
    /// <summary>The options of every request, explanation and problem.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Writes an answer where it goes, at the speed of its reader.</summary>
    /// <param name="target">Where it goes.</param>
    /// <param name="answer">An explanation or a problem.</param>
    /// <param name="cancellationToken">Nobody reads it any more.</param>
    public static Task WriteAsync(PipeWriter target, object answer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return JsonSerializer.SerializeAsync(target, answer, answer.GetType(), Options, cancellationToken);
    }

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
        foreach (var method in MethodCatalog.Default.Methods.Reverse())
        {
            options.TypeInfoResolverChain.Insert(0, method.Json);
        }

        options.Converters.Add(new EnumNameConverterFactory());
        options.Converters.Add(new ChoiceConverterFactory());
        options.Converters.Add(new FiniteDoubleConverter());
        options.Converters.Add(new FiniteSingleConverter());
        options.Converters.Add(new RequestIdConverter());
        options.Converters.Add(new LabelRequestConverter());
        options.Converters.Add(new GranularityRequestConverter());
        options.Converters.Add(new InteractionsRequestConverter());
        options.Converters.Add(new BaselineRequestConverter());
        options.Converters.Add(new ReplacementRequestConverter());
        options.Converters.Add(new ExplanationSourceConverter());
    }
}
