using ExplainService.Goldens;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Saliency;
using ExplainService.Runtime;
using ExplainService.Text.Tokenization;
using Xunit;

namespace ExplainService.Tests.Methods.Saliency;

/// <summary>
/// f = ½ Σ_t w_t ‖e_t‖² with w = 1, 2, 3 … over the tokens and, from 1 again, over the decoder's; token i has the embedding (i, 2i). So
/// ∂f/∂e_t = w_t e_t, and algorithms have values that one can work out by hand.
/// </summary>
internal sealed class DifferentiableModel : GradientsOnly
{
    private const int Size = 2;

    private static readonly Lazy<Tokenizer> AnyTokenizer = new(() =>
        Tokenizer.Load(Path.Combine(ReferenceData.BundledModels, "minilm-sst2"))
    );

    /// <summary>What the algorithm that a request names makes of a row.</summary>
    public static Task<TokenScores> AttributeAsync(SaliencyRequest request, int[] ids, params int[] decoderIds) =>
        SaliencyAlgorithms
            .Of(request)
            .AttributeAsync(
                new SaliencyInput(
                    new DifferentiableModel(),
                    new TokenRow { Ids = ids, DecoderIds = decoderIds },
                    [0],
                    new GradientSpec(Objective.Logit, default),
                    [.. ids.Select(_ => false)],
                    new WorkOptions(),
                    Deadline.None
                ),
                request,
                AnyTokenizer.Value,
                TestContext.Current.CancellationToken
            );

    /// <inheritdoc/>
    public override float[] Embed(ReadOnlySpan<int> ids, bool decoder = false) =>
        [.. ids.ToArray().SelectMany(id => new float[] { id, 2 * id })];

    /// <inheritdoc/>
    public override IAsyncEnumerable<GradientResult> GradientAsync(
        IEnumerable<GradientRow> rows,
        GradientSpec spec,
        WorkOptions work,
        CancellationToken cancellationToken
    ) =>
        rows.ToAsyncEnumerable()
            .Select(row =>
            {
                var (tokens, decoder) = (row.Embeddings ?? Embed(row.Row.Ids), row.DecoderEmbeddings ?? Embed(row.Row.DecoderIds));
                return new GradientResult(Value(tokens) + Value(decoder), Gradient(tokens), Gradient(decoder));
            });

    /// <inheritdoc/>
    public override ReadOnlySpan<float> MeanEmbedding(bool decoder = false) => new float[Size];

    private static float Weight(int place) => (place / Size) + 1;

    private static double Value(float[] embeddings) => embeddings.Select((value, place) => 0.5 * Weight(place) * value * value).Sum();

    private static float[] Gradient(float[] embeddings) => [.. embeddings.Select((value, place) => Weight(place) * value)];
}
