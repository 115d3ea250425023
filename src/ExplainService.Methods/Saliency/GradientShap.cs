using System.Numerics;
using System.Numerics.Tensors;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Numerics;
using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Saliency;

/// <summary>
/// Expected gradients: the mean over draws of b and α of (e − b) · g(b + α(e − b)) (Erion et al. 2021). b is the baseline, with Gaussian
/// noise where the request sets <c>noise</c>; α is drawn within equal strata of [0, 1], which keeps the mean unbiased and less noisy. With
/// a deadline strata are visited in bit-reversed order, so that the draws that there was time for are spread over the whole path.
/// </summary>
public sealed class GradientShap : ISaliencyAlgorithm
{
    /// <summary>The baseline and the text themselves, for the completeness error.</summary>
    private const int Ends = 2;

    /// <inheritdoc/>
    public string Name => "gradient_shap";

    /// <inheritdoc/>
    public string Title => "Expected gradients";

    /// <inheritdoc/>
    public bool HasBaseline(SaliencyRequest request) => true;

    /// <inheritdoc/>
    public IReadOnlyList<string> Options(SaliencyRequest request) => ["baseline", "samples", "noise"];

    /// <inheritdoc/>
    public long Points(SaliencyRequest request) => (request.Samples ?? SmoothGrad.DefaultSamples) + Ends;

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
        var samples = request.Samples ?? SmoothGrad.DefaultSamples;
        var random = new SeededRandom(request.Seed ?? 0);
        var embeddings = input.Embed();
        var baseline = BaselinePoint.Embed(input, request, tokenizer);
        var size = baseline.Tokens.Length / input.Parts;
        var baselines = new Queue<Embeddings>();
        var early = input.Deadline.Milliseconds is not null;
        int[] strata = early ? Spread(samples) : [.. Enumerable.Range(0, samples)];

        // Drawn as the device asks for them: a thousand copies of a long text would not fit in memory.
        var points = Enumerable
            .Range(0, samples)
            .Select(draw =>
            {
                var from = request.Noise is > 0 and var noise ? EmbeddingNoise.Add(baseline, noise, random, Keeps, size) : baseline;
                baselines.Enqueue(from);
                return Embeddings.Between(from, embeddings, (strata[draw] + random.NextDouble()) / samples);
            });

        var tokens = new double[input.Parts];
        var decoder = new double[input.Row.DecoderIds.Length];
        var spread = new UnitSpread(input.Units, inStrata: !early);
        var (done, ends) = (0, new List<double>(Ends));
        await foreach (
            var result in input.GradientsAsync(points.Prepend(embeddings).Prepend(baseline), cancellationToken).ConfigureAwait(false)
        )
        {
            if (ends.Count < Ends)
            {
                ends.Add(result.Score);
                continue;
            }

            var from = baselines.Dequeue();
            spread.Add(Add(tokens, embeddings.Tokens, from.Tokens, result.Gradient));
            Add(decoder, embeddings.Decoder, from.Decoder, result.DecoderGradient);
            done++;
        }

        bool Keeps(int position, bool decoder) => BaselinePoint.Keeps(input, tokenizer, position, decoder);

        if (done == 0)
        {
            throw new NoPartialResultException();
        }

        TensorPrimitives.Divide(tokens, done, tokens);
        TensorPrimitives.Divide(decoder, done, decoder);

        // Noisy baselines have values of their own: the scores add up to no difference that is known.
        double? change = request.Noise is > 0 ? null : ends[1] - ends[0];
        return new TokenScores(tokens, decoder)
        {
            Change = change,
            CompletenessError = change is { } known ? Math.Abs(tokens.Sum() + decoder.Sum() - known) : null,
            StandardErrors = spread.Errors(),
            Draws = done,
        };
    }

    /// <summary>
    /// 0 to count − 1 in the order of their bits read backwards (van der Corput 1935): any first part of it covers the range evenly.
    /// </summary>
    private static int[] Spread(int count)
    {
        var bits = BitOperations.Log2((uint)Math.Max(1, count - 1)) + 1;
        return [.. Enumerable.Range(0, 1 << bits).Select(number => Reversed(number, bits)).Where(number => number < count)];
    }

    private static int Reversed(int number, int bits)
    {
        var reversed = 0;
        for (var bit = 0; bit < bits; bit++)
        {
            reversed |= (number >> bit & 1) << (bits - 1 - bit);
        }

        return reversed;
    }

    private static double[] Add(double[] sum, float[] embeddings, float[] baseline, float[] gradient)
    {
        var scores = GradientMath.Attributions(embeddings, baseline, gradient, sum.Length);
        TensorPrimitives.Add(sum, scores, sum);
        return scores;
    }
}
