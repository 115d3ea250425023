using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Predictions;

/// <summary><c>POST /predict</c>.</summary>
public sealed record PredictRequest : TextRequest
{
    /// <summary>
    /// How many labels (or spans) to list, strongest first; default: all classes in index order, 5 for vocabularies and spans.
    /// </summary>
    [Range(1, 1000)]
    public int? TopK { get; init; }

    internal override int? ListedEntries => TopK;
}

/// <summary>What <c>/predict</c> answers.</summary>
[AlwaysGiven(nameof(Objective), nameof(Prediction), nameof(Target), nameof(Evaluations))]
public sealed record PredictAnswer : Explanation;

/// <summary>Both as they cross the wire.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(PredictRequest))]
[JsonSerializable(typeof(PredictAnswer))]
internal sealed partial class PredictJson : JsonSerializerContext;
