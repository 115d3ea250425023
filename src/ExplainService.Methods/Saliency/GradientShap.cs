using ExplainService.Methods.Contracts;
using ExplainService.Methods.Numerics;
using ExplainService.Text;

namespace ExplainService.Methods.Saliency;

/// <summary>
/// Expected gradients: the mean over draws of b and α of (e − b) · g(b + α(e − b)) (Erion et al. 2021). b is the baseline, with Gaussian
/// noise where the request sets <c>noise</c>; α is drawn within equal strata of [0, 1], which keeps the mean unbiased and less noisy.
/// </summary>
public sealed class GradientShap : ISaliencyAlgorithm
{
    /// <inheritdoc/>
    public SaliencyMethod Method => SaliencyMethod.GradientShap;

    /// <inheritdoc/>
    public async Task<TokenScores> AttributeAsync(
        SaliencyProblem problem, SaliencyRequest request, Tokenizer tokenizer, CancellationToken cancellationToken)
    {
        var samples = request.Samples ?? SmoothGrad.DefaultSamples;
        var random = new SeededRandom(request.Seed ?? 0);
        var input = problem.Input();
        var baseline = BaselinePoint.Of(problem, request.Baseline, tokenizer);
        var baselines = new Queue<Embeddings>();

        // Drawn as the device asks for them: a thousand copies of a long text would not fit in memory.
        var points = Enumerable.Range(0, samples).Select(draw =>
        {
            var from = request.Noise is > 0 and var noise ? EmbeddingNoise.Add(baseline, noise, random) : baseline;
            baselines.Enqueue(from);
            return Embeddings.Between(from, input, (draw + random.NextDouble()) / samples);
        });

        var tokens = new double[problem.Row.Ids.Length];
        var decoder = new double[problem.Row.DecoderIds.Length];
        var spread = new UnitSpread(problem.Units, inStrata: true);
        var (done, ends) = (0, new List<double>(2));
        await foreach (var result in problem.GradientsAsync(points.Append(baseline).Append(input), cancellationToken).ConfigureAwait(false))
        {
            if (done < samples)
            {
                var from = baselines.Dequeue();
                spread.Add(Add(tokens, input.Tokens, from.Tokens, result.Gradient, samples));
                Add(decoder, input.Decoder, from.Decoder, result.DecoderGradient, samples);
            }
            else
            {
                ends.Add(result.Score);
            }

            done++;
        }

        return new TokenScores(tokens, decoder)
        {
            CompletenessError = Math.Abs(tokens.Sum() + decoder.Sum() - (ends[1] - ends[0])),
            StandardErrors = spread.Errors(),
        };
    }

    private static double[] Add(double[] sum, float[] input, float[] baseline, float[] gradient, int samples)
    {
        var scores = GradientMath.Attributions(input, baseline, [.. gradient.Select(g => (double)g)], sum.Length);
        for (var token = 0; token < sum.Length; token++)
        {
            sum[token] += scores[token] / samples;
        }

        return scores;
    }
}
