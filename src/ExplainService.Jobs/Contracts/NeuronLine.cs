using ExplainService.Methods.Contracts;
using ExplainService.Methods.Inside;

namespace ExplainService.Jobs.Contracts;

/// <summary>What one row says of neurons.</summary>
public sealed record NeuronLine
{
    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>What the model says of the text.</summary>
    public Prediction? Prediction { get; init; }

    /// <summary>The text's words in lower case, in order.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>Each neuron at each of those words, and where it is strongest.</summary>
    public required IReadOnlyList<NeuronOfText> Neurons { get; init; }

    /// <summary>The labels' logits, of models with labels of texts.</summary>
    public required IReadOnlyList<LabelAnswer> Labels { get; init; }

    /// <summary>What a reader must know to read the numbers right.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }
}
