using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Inside;

/// <summary>What an ablation switches off, one after the other.</summary>
public enum AblatedParts
{
    /// <summary>Attention heads (default).</summary>
    Heads,

    /// <summary>Inner activations of feed-forward networks.</summary>
    Neurons,

    /// <summary>Whole layers: what they add to the residual stream.</summary>
    Layers,
}

/// <summary>What takes the place of what is off.</summary>
public enum AblationValue
{
    /// <summary>Zero (default).</summary>
    Zero,

    /// <summary>Its mean over the tokens of <c>background</c>.</summary>
    Mean,
}

/// <summary>A neuron: an inner activation of a layer's feed-forward network.</summary>
/// <param name="Layer">The layer, from 0.</param>
/// <param name="Neuron">Its number in the layer, from 0.</param>
public sealed record NeuronRequest(int Layer, int Neuron);

/// <summary><c>POST /ablation</c>.</summary>
public sealed record AblationRequest : TextRequest
{
    /// <summary>What is switched off, one after the other; default <c>heads</c>.</summary>
    public AblatedParts? Of { get; init; }

    /// <summary>Layers, from 0; default all.</summary>
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>With <c>"of": "neurons"</c>: which, at most 10,000.</summary>
    public IReadOnlyList<NeuronRequest>? Neurons { get; init; }

    /// <summary>What takes the place of what is off; default <c>zero</c>.</summary>
    public AblationValue? By { get; init; }

    /// <summary>With <c>"by": "mean"</c>: texts over whose tokens the means are taken, at most 1,000; default the text itself.</summary>
    public IReadOnlyList<string>? Background { get; init; }

    internal override IEnumerable<(string Field, string? Text)> SideTexts => base.SideTexts.Concat(TextsOf("background", Background));
}

/// <summary>An attention head that was switched off.</summary>
/// <param name="Score">The drop of f without it.</param>
/// <param name="Types">What it attends to.</param>
public sealed record HeadAnswer(double Score, HeadTypesAnswer Types)
{
    /// <summary>
    /// Σ |o ⊙ ∂f/∂o| over what the head gives out: how much it matters, without switching it off (Michel et al. 2019). Missing where the model
    /// cannot be differentiated.
    /// </summary>
    public double? Importance { get; init; }
}

/// <summary>
/// Shares of a head's attention, means over the tokens that look, and its entropy in nats (Clark et al. 2019; Olsson et al. 2022).
/// </summary>
/// <param name="Previous">On the token before.</param>
/// <param name="Next">On the token behind.</param>
/// <param name="Same">On the token itself.</param>
/// <param name="First">On the first token.</param>
/// <param name="Separators">On special tokens other than the first.</param>
/// <param name="Copies">On earlier copies of the same token.</param>
/// <param name="Induction">On tokens behind earlier copies of the same token.</param>
/// <param name="Entropy">Entropy of the attention.</param>
public sealed record HeadTypesAnswer(
    double Previous,
    double Next,
    double Same,
    double First,
    double Separators,
    double Copies,
    double Induction,
    double Entropy
);

/// <summary>A neuron that was switched off.</summary>
/// <param name="Layer">Its layer.</param>
/// <param name="Neuron">Its number in the layer.</param>
/// <param name="Score">The drop of f without it.</param>
public sealed record AblatedNeuronAnswer(int Layer, int Neuron, double Score);

/// <summary>A layer that was switched off.</summary>
/// <param name="Layer">Its number.</param>
/// <param name="Score">The drop of f without it.</param>
public sealed record AblatedLayerAnswer(int Layer, double Score);

/// <summary>What <c>/ablation</c> answers.</summary>
[AlwaysGiven(nameof(Objective), nameof(Prediction), nameof(Target), nameof(Evaluations))]
public sealed record AblationAnswer : Explanation
{
    /// <summary>f of the model as it is.</summary>
    public required double Value { get; init; }

    /// <summary>What was put in the place of what is off.</summary>
    public required AblationValue By { get; init; }

    /// <summary>[layer][head], in the order of <see cref="HeadLayers"/>.</summary>
    public IReadOnlyList<IReadOnlyList<HeadAnswer>>? Heads { get; init; }

    /// <summary>Layers of <see cref="Heads"/>.</summary>
    public IReadOnlyList<int>? HeadLayers { get; init; }

    /// <summary>The neurons, in the request's order.</summary>
    public IReadOnlyList<AblatedNeuronAnswer>? Neurons { get; init; }

    /// <summary>The layers.</summary>
    public IReadOnlyList<AblatedLayerAnswer>? Layers { get; init; }
}

/// <summary>Both as they cross the wire.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(AblationRequest))]
[JsonSerializable(typeof(AblationAnswer))]
internal sealed partial class AblationJson : JsonSerializerContext;
