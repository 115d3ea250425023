using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using ExplainService.Methods.Numerics;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;

namespace ExplainService.Methods.Faithfulness;

/// <summary>
/// A model whose word embeddings have moved a little, each by noise of its own: every explanation that reads logits or gradients can be
/// computed of it, with no change of the model's graph. What is read inside it is still the model's own.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="seed">Of the noise, which belongs to a token wherever it stands.</param>
internal sealed class MovedModel(ILoadedModel model, long seed) : ModelDecorator(model)
{
    /// <summary>σ of the noise as a share of the range of the embeddings.</summary>
    public const double Deviation = 0.01;

    private readonly Dictionary<(int Id, bool Decoder), float[]> moved = [];

    /// <inheritdoc/>
    public override float[] Embed(ReadOnlySpan<int> ids, bool decoder = false)
    {
        var size = Model.EmbeddingSize;
        var embeddings = new float[ids.Length * size];
        for (var i = 0; i < ids.Length; i++)
        {
            Moved(ids[i], decoder).CopyTo(embeddings.AsSpan(i * size));
        }

        return embeddings;
    }

    /// <inheritdoc/>
    public override IAsyncEnumerable<GradientResult> GradientAsync(
        IEnumerable<GradientRow> rows,
        GradientSpec spec,
        WorkOptions work,
        CancellationToken cancellationToken
    ) => Inner.GradientAsync(rows.Select(Moved), spec, work, cancellationToken);

    /// <inheritdoc/>
    public override async IAsyncEnumerable<Logits> PredictAsync(
        IEnumerable<ModelRow> rows,
        WorkOptions work,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        // The pass back gives out the logits of any embeddings, of which the forward form has no say.
        var link = Model.Task == ModelTask.FeatureExtraction ? Link.Identity : Model.Link;
        var spec = new GradientSpec(Model.DefaultObjective, link);
        var points = rows.Select(row => Moved(new GradientRow((TokenRow)row, Targets((TokenRow)row)) { WantsLogits = true }));
        var exact = work with { Precision = Precision.Exact };
        await foreach (var result in Inner.GradientAsync(points, spec, exact, cancellationToken).ConfigureAwait(false))
        {
            yield return result.Logits!;
        }
    }

    private int[] Targets(TokenRow row)
    {
        var lines = Model.Task == ModelTask.QuestionAnswering ? 2 : Math.Max(1, row.OutputPositions.Length);
        var targets = new int[lines];
        Array.Fill(targets, GradientRow.Predicted);
        return targets;
    }

    private GradientRow Moved(GradientRow row) =>
        row with
        {
            Embeddings = row.Embeddings ?? Embed(row.Row.Ids),
            DecoderEmbeddings =
                row.Row.DecoderIds.Length == 0 ? row.DecoderEmbeddings : row.DecoderEmbeddings ?? Embed(row.Row.DecoderIds, decoder: true),
        };

    private float[] Moved(int id, bool decoder)
    {
        if (!moved.TryGetValue((id, decoder), out var embedding))
        {
            embedding = Inner.Embed([id], decoder);
            var random = new SeededRandom(unchecked((seed * 1_000_003) + id));
            var deviation = Deviation * (TensorPrimitives.Max<float>(embedding) - TensorPrimitives.Min<float>(embedding));
            for (var i = 0; i < embedding.Length; i++)
            {
                embedding[i] += (float)(deviation * random.NextGaussian());
            }

            moved[(id, decoder)] = embedding;
        }

        return embedding;
    }
}
