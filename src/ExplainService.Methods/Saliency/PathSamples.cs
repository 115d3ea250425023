using ExplainService.Methods.Contracts;
using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Saliency;

/// <summary>
/// f and the slope of every token's way at points of the path from a baseline to a text, each computed once. A slope is a number a token,
/// Σ_d (e_id − b_id) · g_id, so that hundreds of points of a long text take little room.
/// </summary>
/// <param name="input">What is differentiated.</param>
/// <param name="baseline">α = 0.</param>
/// <param name="embeddings">α = 1.</param>
internal sealed class PathSamples(SaliencyInput input, Embeddings baseline, Embeddings embeddings)
{
    private readonly SortedDictionary<double, (double Value, double[] Tokens, double[] Decoder)> samples = [];

    /// <summary>Computes what is not known yet of these points.</summary>
    /// <returns>Whether there was time for all of them.</returns>
    public async Task<bool> AddAsync(IReadOnlyCollection<double> points, CancellationToken cancellationToken)
    {
        double[] missing = [.. points.Distinct().Where(alpha => !samples.ContainsKey(alpha))];
        var next = 0;
        var rows = missing.Select(alpha => Embeddings.Between(baseline, embeddings, alpha));
        await foreach (var result in input.GradientsAsync(rows, cancellationToken).ConfigureAwait(false))
        {
            samples[missing[next++]] = (
                result.Score,
                GradientMath.Attributions(embeddings.Tokens, baseline.Tokens, result.Gradient, input.Parts),
                GradientMath.Attributions(embeddings.Decoder, baseline.Decoder, result.DecoderGradient, input.Row.DecoderIds.Length)
            );
        }

        return next == missing.Length;
    }

    /// <summary>The integral by a rule whose points, and both ends of the path, are known.</summary>
    public TokenScores Integrate(Quadrature rule)
    {
        var (tokens, decoder) = (new double[input.Parts], new double[input.Row.DecoderIds.Length]);
        for (var point = 0; point < rule.Nodes.Length; point++)
        {
            var (_, ofTokens, ofDecoder) = samples[rule.Nodes[point]];
            Accumulate(tokens, ofTokens, rule.Weights[point]);
            Accumulate(decoder, ofDecoder, rule.Weights[point]);
        }

        var (start, end) = (samples[0].Value, samples[1].Value);
        return new TokenScores(tokens, decoder)
        {
            Change = end - start,
            CompletenessError = Math.Abs(tokens.Sum() + decoder.Sum() - (end - start)),
            Value = end,
            Path = [.. samples.Select(sample => new PathPoint(sample.Key, sample.Value.Value))],
        };

        static void Accumulate(double[] sum, double[] slopes, double weight)
        {
            for (var token = 0; token < sum.Length; token++)
            {
                sum[token] += weight * slopes[token];
            }
        }
    }
}
