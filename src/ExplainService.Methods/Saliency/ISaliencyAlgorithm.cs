using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Saliency;

/// <summary>A white-box attribution method. One file each; <c>/saliency</c> finds it by its <see cref="Name"/>.</summary>
public interface ISaliencyAlgorithm
{
    /// <summary>Its name in the API.</summary>
    string Name { get; }

    /// <summary>What it is called in captions and lists.</summary>
    string Title { get; }

    /// <summary>
    /// Whether its scores are sizes alone, in no unit of the objective: they say how much a token matters, not for what.
    /// </summary>
    bool IsUnsigned(SaliencyRequest request) => false;

    /// <summary>Whether it starts from <see cref="SaliencyRequest.Baseline"/>.</summary>
    bool HasBaseline => false;

    /// <summary>Those of the method-specific fields, by their JSON names, that it reads of such a request.</summary>
    IReadOnlyList<string> Options(SaliencyRequest request);

    /// <summary>The most points at which it differentiates f.</summary>
    long Points(SaliencyRequest request);

    /// <summary>Why it has no answer before it is done; null: what it has at a deadline is one.</summary>
    string? NoPartialResultReason(SaliencyRequest request);

    /// <summary>Attributes f to the tokens of the row.</summary>
    Task<TokenScores> AttributeAsync(
        SaliencyInput input,
        SaliencyRequest request,
        Tokenizer tokenizer,
        CancellationToken cancellationToken
    );
}
