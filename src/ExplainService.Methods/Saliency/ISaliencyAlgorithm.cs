using ExplainService.Methods.Contracts;
using ExplainService.Text;

namespace ExplainService.Methods.Saliency;

/// <summary>A white-box attribution method. One file each; <c>/saliency</c> finds it by its <see cref="Method"/>.</summary>
public interface ISaliencyAlgorithm
{
    /// <summary>Its name in the API.</summary>
    SaliencyMethod Method { get; }

    /// <summary>Attributes f to the tokens of the row.</summary>
    Task<TokenScores> AttributeAsync(
        SaliencyProblem problem, SaliencyRequest request, Tokenizer tokenizer, CancellationToken cancellationToken);
}
