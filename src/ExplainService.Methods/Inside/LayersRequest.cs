using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Inside;

/// <summary>How <c>/layers</c> looks at layers.</summary>
public enum LayerMethod
{
    /// <summary>What the model would have said after each layer (nostalgebraist 2020).</summary>
    Lens,
}

/// <summary><c>POST /layers</c>.</summary>
public sealed record LayersRequest : TextRequest
{
    /// <summary>How layers are looked at; default <c>lens</c>.</summary>
    public LayerMethod? Method { get; init; }

    /// <summary><c>lens</c>: how many entries of a vocabulary each layer lists; default 5.</summary>
    [Range(1, 1000)]
    public int? TopK { get; init; }

    internal override int? ListedEntries => TopK;
}

/// <summary>One layer; 0 is what enters the first.</summary>
public sealed record LayerAnswer
{
    /// <summary>Number of layers that have been passed.</summary>
    public required int Layer { get; init; }

    /// <summary><c>lens</c>: f, had the model ended here.</summary>
    public double? Value { get; init; }

    /// <summary><c>lens</c>: classes with their logits and probabilities; of a vocabulary the strongest entries.</summary>
    public IReadOnlyList<LabelAnswer>? Labels { get; init; }
}

/// <summary>What <c>/layers</c> answers.</summary>
[AlwaysGiven(nameof(Objective), nameof(Prediction), nameof(Target), nameof(Evaluations))]
public sealed record LayersAnswer : Explanation
{
    /// <summary>The layers, from the embeddings (0) to the last.</summary>
    public required IReadOnlyList<LayerAnswer> Layers { get; init; }
}

/// <summary>Both as they cross the wire.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(LayersRequest))]
[JsonSerializable(typeof(LayersAnswer))]
internal sealed partial class LayersJson : JsonSerializerContext;
