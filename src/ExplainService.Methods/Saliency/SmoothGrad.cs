using System.Numerics.Tensors;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Numerics;
using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Saliency;

/// <summary>Mean of <c>gradient</c> or <c>input_x_gradient</c> over noisy copies of the input (Smilkov et al. 2017).</summary>
public sealed class SmoothGrad : ISaliencyAlgorithm
{
    /// <summary>Draws where the request gives none.</summary>
    public const int DefaultSamples = 25;

    private const double DefaultNoise = 0.1;

    /// <inheritdoc/>
    public string Name => "smooth_grad";

    /// <inheritdoc/>
    public string Title => "SmoothGrad";

    /// <inheritdoc/>
    public bool IsUnsigned(SaliencyRequest request) => request.Of != SmoothedScore.InputXGradient;

    /// <inheritdoc/>
    public IReadOnlyList<string> Options(SaliencyRequest request) =>
        ["of", "samples", "noise", .. request.Of == SmoothedScore.InputXGradient ? (string[])[] : ["norm"]];

    /// <inheritdoc/>
    public long Points(SaliencyRequest request) => request.Samples ?? DefaultSamples;

    /// <inheritdoc/>
    public string? NoPartialResultReason(SaliencyRequest request) => null;

    /// <inheritdoc/>
    public async Task<TokenScores> AttributeAsync(
        SaliencyInput input,
        SaliencyRequest request,
        Tokenizer tokenizer,
        CancellationToken cancellationToken
    )
    {
        var samples = request.Samples ?? DefaultSamples;
        var embeddings = input.Embed();
        var random = new SeededRandom(request.Seed ?? 0);
        var points = new Queue<Embeddings>();

        // Drawn as the device asks for them: a thousand copies of a long text would not fit in memory.
        var draws = Enumerable
            .Range(0, samples)
            .Select(_ =>
            {
                var point = EmbeddingNoise.Add(embeddings, request.Noise ?? DefaultNoise, random);
                points.Enqueue(point);
                return point;
            });
        var spread = new UnitSpread(input.Units, inStrata: false);
        var sum = new TokenScores(new double[input.Parts], new double[input.Row.DecoderIds.Length]);
        var done = 0;
        await foreach (var result in input.GradientsAsync(draws, cancellationToken).ConfigureAwait(false))
        {
            var point = points.Dequeue();
            var scores = Score(request, point.Tokens, result.Gradient, sum.Tokens.Length);
            spread.Add(scores);
            done++;
            TensorPrimitives.Add(sum.Tokens, scores, sum.Tokens);
            TensorPrimitives.Add(sum.Decoder, Score(request, point.Decoder, result.DecoderGradient, sum.Decoder.Length), sum.Decoder);
        }

        if (done == 0)
        {
            throw new NoPartialResultException();
        }

        TensorPrimitives.Divide(sum.Tokens, done, sum.Tokens);
        TensorPrimitives.Divide(sum.Decoder, done, sum.Decoder);
        return sum with { StandardErrors = spread.Errors(), Draws = done };
    }

    private static double[] Score(SaliencyRequest request, float[] point, float[] gradient, int tokens) =>
        request.Of == SmoothedScore.InputXGradient
            ? GradientMath.Dots(point, gradient, tokens)
            : GradientMath.Norms(gradient, tokens, request.Norm ?? GradientNorm.L2);
}
