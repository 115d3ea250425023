using System.Runtime.CompilerServices;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;

namespace ExplainService.Methods.Targets;

/// <summary>
/// One of the labels that a picture is compared with, as a text whose words may change: the picture and the other labels stay as they are,
/// so that it is a classifier of texts with the same labels.
/// </summary>
/// <param name="texts">The side of the model that reads texts.</param>
/// <param name="picture">The picture's embedding.</param>
/// <param name="logits">Of the picture beside every label.</param>
/// <param name="label">The label whose text the rows are.</param>
/// <param name="labels">All labels.</param>
internal sealed class WordsOfLabel(ILoadedModel texts, OtherSide picture, Logits logits, int label, IReadOnlyList<string> labels)
    : ModelDecorator(texts)
{
    private readonly ModelDescription description = texts.Description with { Task = ModelTask.TextClassification, Labels = labels };

    /// <inheritdoc/>
    public override ModelDescription Description => description;

    /// <inheritdoc/>
    public override async IAsyncEnumerable<Logits> PredictAsync(
        IEnumerable<ModelRow> rows,
        WorkOptions work,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var beside = rows.Select(row => new TokenRow { Ids = ((TokenRow)row).Ids, Beside = picture });
        await foreach (var own in Inner.PredictAsync(beside, work, cancellationToken).ConfigureAwait(false))
        {
            float[] all = [.. logits.Values];
            all[label] = own.Values[0];
            yield return new Logits(all, 1, all.Length);
        }
    }
}
