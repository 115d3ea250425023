using ExplainService.Runtime;
using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Saliency;

/// <summary>
/// A white-box attribution method: what <c>/saliency</c>'s field <c>method</c> names. One file each, found by reflection: a class with a
/// constructor without parameters. One that looks at the text itself alone derives from <see cref="SingleGradient"/>.
/// </summary>
public interface ISaliencyAlgorithm
{
    /// <summary>Its name in the API, in snake_case and its own.</summary>
    string Name { get; }

    /// <summary>What it is called in captions and lists.</summary>
    string Title { get; }

    /// <summary>
    /// Whether its scores are sizes alone, in no unit of the objective: they say how much a token matters, not for what.
    /// </summary>
    bool IsUnsigned(SaliencyRequest request) => false;

    /// <summary>By which rules f is propagated back to the embeddings.</summary>
    Propagation Propagation => Propagation.Gradient;

    /// <summary>What it needs of a model, beside its predictions.</summary>
    ModelFeature Needs => ModelFeature.Gradient;

    /// <summary>Whether it starts from <see cref="SaliencyRequest.Baseline"/>.</summary>
    bool HasBaseline(SaliencyRequest request) => false;

    /// <summary>
    /// Those of <see cref="SaliencyRequest"/>'s own fields, by their JSON names, that it reads of such a request. Others that are set are
    /// named in a warning.
    /// </summary>
    IReadOnlyList<string> Options(SaliencyRequest request) => [];

    /// <summary>The most points at which it differentiates f.</summary>
    long Points(SaliencyRequest request) => 1;

    /// <summary>
    /// Why it has no answer before it is done, as the end of a sentence (<c>this method takes a single step</c>); null: what it has at a
    /// deadline is one.
    /// </summary>
    string? NoPartialResultReason(SaliencyRequest request) => "this method takes a single step";

    /// <summary>Attributes f to the tokens of the row.</summary>
    /// <returns>
    /// A score for each token of the row and, in <see cref="TokenScores.Decoder"/>, for each of a seq2seq model's decoder; f at the row in
    /// <see cref="TokenScores.Value"/>.
    /// </returns>
    Task<TokenScores> AttributeAsync(
        SaliencyInput input,
        SaliencyRequest request,
        Tokenizer tokenizer,
        CancellationToken cancellationToken
    );
}
