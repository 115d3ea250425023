using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Saliency;

/// <summary>Algorithms that differentiate f once, at the text itself.</summary>
public abstract class SingleGradient : ISaliencyAlgorithm
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract string Title { get; }

    /// <inheritdoc/>
    public virtual bool IsUnsigned(SaliencyRequest request) => false;

    /// <inheritdoc/>
    public bool IsAtText(SaliencyRequest request) => true;

    /// <inheritdoc/>
    public virtual IReadOnlyList<string> Options(SaliencyRequest request) => [];

    /// <inheritdoc/>
    public async Task<TokenScores> AttributeAsync(
        SaliencyInput input,
        SaliencyRequest request,
        Tokenizer tokenizer,
        CancellationToken cancellationToken
    )
    {
        var embeddings = input.Embed();
        var result = await input.GradientsAsync([embeddings], cancellationToken).FirstAsync(cancellationToken).ConfigureAwait(false);
        return new TokenScores(
            Scores(embeddings.Tokens, result.Gradient, input.Parts, request),
            Scores(embeddings.Decoder, result.DecoderGradient, input.Row.DecoderIds.Length, request)
        )
        {
            Value = result.Score,
        };
    }

    /// <summary>A score for every token of one stack: the encoder's (or only) one, then the decoder's.</summary>
    /// <param name="embeddings">e, [tokens × embedding].</param>
    /// <param name="gradient">∂f/∂e, [tokens × embedding].</param>
    /// <param name="tokens">How many tokens.</param>
    /// <param name="request">The request, for its options.</param>
    protected abstract double[] Scores(float[] embeddings, float[] gradient, int tokens, SaliencyRequest request);
}
