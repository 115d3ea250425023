using System.Runtime.CompilerServices;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;

namespace ExplainService.Methods.Targets;

/// <summary>
/// A model that has read rows already, many of them in one batch: who asks for their logits one by one has them at once.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="known">What it says of them.</param>
internal sealed class KnownRows(ILoadedModel model, IReadOnlyDictionary<ModelRow, Logits> known) : ModelDecorator(model)
{
    /// <inheritdoc/>
    public override async IAsyncEnumerable<Logits> PredictAsync(
        IEnumerable<ModelRow> rows,
        WorkOptions work,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        ModelRow[] asked = [.. rows];
        if (Array.TrueForAll(asked, known.ContainsKey))
        {
            foreach (var row in asked)
            {
                yield return known[row];
            }

            yield break;
        }

        await foreach (var logits in Inner.PredictAsync(asked, work, cancellationToken).ConfigureAwait(false))
        {
            yield return logits;
        }
    }
}
