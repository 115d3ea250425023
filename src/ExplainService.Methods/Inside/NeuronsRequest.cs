using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Inside;

/// <summary>What the strongest neurons are strong in.</summary>
public enum NeuronMeasure
{
    /// <summary>Absolute activation (default).</summary>
    Activation,

    /// <summary>Activation times relevance, with attention, norms, slopes and gates as constants: a ⊙ g̃ of the target.</summary>
    CpLrp,

    /// <summary>Activation times gradient of the target.</summary>
    GradientXActivation,
}

/// <summary><c>POST /neurons</c>.</summary>
public sealed record NeuronsRequest : TextRequest
{
    /// <summary>Layers, from 0; default all.</summary>
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>What <see cref="TopK"/> is where it is left out.</summary>
    public const int DefaultTopK = 10;

    /// <summary>How many neurons of each layer, of each factor, and how many examples of each meaning are listed; default 10.</summary>
    [Range(1, 1000)]
    public int? TopK { get; init; }

    /// <summary>What neurons are ordered by; default <c>activation</c>.</summary>
    public NeuronMeasure? By { get; init; }

    /// <summary>Also split the activations into so many factors (Alammar 2021), at most 64.</summary>
    [Range(1, 64)]
    public int? Factors { get; init; }

    /// <summary>
    /// Neurons whose activation at every token is told, at most 100; default each layer's strongest at a token of the text. With <c>corpus</c> their meanings are looked
    /// for too.
    /// </summary>
    public IReadOnlyList<NeuronRequest>? Neurons { get; init; }

    /// <summary>With <c>neurons</c>: texts in which their meanings are looked for, at most 10,000.</summary>
    public IReadOnlyList<string>? Corpus { get; init; }

    /// <summary>Whether the answer is to say what its text adds to the meanings of <see cref="Neurons"/>.</summary>
    internal bool Observes { get; init; }

    /// <summary>The same, for whoever sums up the meanings of <see cref="Neurons"/> over many texts: the answer has what its text adds.</summary>
    public NeuronsRequest Observing() => this with { Observes = true };

    internal override IEnumerable<(string Field, string? Text)> SideTexts => base.SideTexts.Concat(TextsOf("corpus", Corpus));
}

/// <summary>A neuron at the token where it is strongest.</summary>
/// <param name="Neuron">Its number in the layer.</param>
/// <param name="Token">The token's place in <c>tokens</c>.</param>
/// <param name="Activation">Its activation there.</param>
public sealed record NeuronAnswer(int Neuron, int Token, double Activation)
{
    /// <summary>Its attribution there, where neurons are ordered by it.</summary>
    public double? Score { get; init; }
}

/// <summary>The strongest neurons of a layer.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Neurons">Strongest first.</param>
public sealed record LayerNeurons(int Layer, IReadOnlyList<NeuronAnswer> Neurons);

/// <summary>A neuron over the whole text.</summary>
/// <param name="Layer">Its layer.</param>
/// <param name="Neuron">Its number in the layer.</param>
/// <param name="Tokens">Its activation at each token.</param>
public sealed record NeuronActivations(int Layer, int Neuron, IReadOnlyList<double> Tokens);

/// <summary>Neurons that fire together, and on which tokens.</summary>
/// <param name="Tokens">How strong the factor is at each token.</param>
/// <param name="Neurons">Its strongest neurons, strongest first.</param>
public sealed record FactorAnswer(IReadOnlyList<double> Tokens, IReadOnlyList<FactorNeuron> Neurons);

/// <summary>A neuron's part in a factor.</summary>
/// <param name="Layer">Its layer.</param>
/// <param name="Neuron">Its number in the layer.</param>
/// <param name="Weight">How much it takes part.</param>
public sealed record FactorNeuron(int Layer, int Neuron, double Weight);

/// <summary>What raises a neuron in a corpus (Bau et al. 2017; Foote et al. 2023).</summary>
/// <param name="Layer">Its layer.</param>
/// <param name="Neuron">Its number in the layer.</param>
/// <param name="Examples">Tokens at which it is strongest, strongest first.</param>
/// <param name="Words">Words that raise it most, strongest first.</param>
/// <param name="Labels">Its correlation with each label's logit, texts apart; empty for models without labels of texts.</param>
public sealed record NeuronMeaning(
    int Layer,
    int Neuron,
    IReadOnlyList<NeuronExample> Examples,
    IReadOnlyList<NeuronWord> Words,
    IReadOnlyList<NeuronLabel> Labels
);

/// <summary>A token of the corpus.</summary>
/// <param name="Text">Number of the text in the corpus.</param>
/// <param name="Sentence">The sentence.</param>
/// <param name="Token">The token's text.</param>
/// <param name="Start">Where it begins in the text, in offset units.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Activation">The neuron's activation at it.</param>
public sealed record NeuronExample(int Text, string Sentence, string Token, int Start, int End, double Activation)
{
    /// <summary>Where the token begins in the sentence, UTF-16: what pictures mark.</summary>
    [JsonIgnore]
    public int Place { get; init; }
}

/// <summary>A word of the corpus.</summary>
/// <param name="Word">The word, in lower case.</param>
/// <param name="Count">How often it stands there.</param>
/// <param name="With">The neuron's mean activation at it.</param>
/// <param name="Without">Its mean activation at all other words.</param>
public sealed record NeuronWord(string Word, int Count, double With, double Without);

/// <summary>How a neuron goes with a label.</summary>
/// <param name="Label">The label.</param>
/// <param name="Index">Its index.</param>
/// <param name="Correlation">Pearson's correlation of the neuron's largest activation in a text with the label's logit.</param>
public sealed record NeuronLabel(string Label, int Index, double Correlation);

/// <summary>What <c>/neurons</c> answers.</summary>
[AlwaysGiven(nameof(Evaluations), nameof(Seed))]
public sealed record NeuronsAnswer : Explanation
{
    /// <summary>The strongest neurons of each layer.</summary>
    public required IReadOnlyList<LayerNeurons> Layers { get; init; }

    /// <summary>The neurons that the request names, else each layer's strongest at a token of the text.</summary>
    public required IReadOnlyList<NeuronActivations> Activations { get; init; }

    /// <summary>The factors of the activations, the largest first.</summary>
    public IReadOnlyList<FactorAnswer>? Factors { get; init; }

    /// <summary>What raises the neurons that were asked for.</summary>
    public IReadOnlyList<NeuronMeaning>? Meanings { get; init; }

    /// <summary>What the text adds to the meanings, of a request that is <see cref="NeuronsRequest.Observing"/>.</summary>
    [JsonIgnore]
    public NeuronText? Observed { get; init; }
}

/// <summary>Both as they cross the wire.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(NeuronsRequest))]
[JsonSerializable(typeof(NeuronsAnswer))]
internal sealed partial class NeuronsJson : JsonSerializerContext;
