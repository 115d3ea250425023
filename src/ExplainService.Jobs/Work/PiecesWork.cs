using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Inputs;
using ExplainService.Methods.Contracts;
using ExplainService.Text.Units;

namespace ExplainService.Jobs.Work;

/// <summary>
/// What the model says of the pieces of a text, some words each. A few hundred whole texts say little of a single word; their pieces say
/// of which of its words a text's label is.
/// </summary>
internal sealed class PiecesWork(RowExplainer explainer)
{
    /// <summary>Pieces that are asked for at once.</summary>
    private const int AtOnce = 8;

    /// <summary>Asks for all; none of a text that is no longer than one, or of a model that chooses no label.</summary>
    /// <param name="row">The row.</param>
    /// <param name="whole">What the model says of the whole text.</param>
    /// <param name="template">How predictions are asked for.</param>
    /// <param name="words">Words of a piece; 0: there are none.</param>
    /// <param name="stop">Stops it.</param>
    public async Task<IReadOnlyList<TextPiece>> AskAsync(
        InputRow row,
        Explanation whole,
        RowTemplate template,
        int words,
        CancellationToken stop
    )
    {
        var text = row.Text!;
        var spans = words > 0 ? TextFeatures.Words(text) : [];
        if (spans.Count <= words || whole.Prediction?.Labels is not { Count: > 1 } labels)
        {
            return [];
        }

        List<TextPiece> pieces = [];
        foreach (var some in spans.Chunk(words).Select(part => new TextSpan(part[0].Start, part[^1].End)).Chunk(AtOnce))
        {
            pieces.AddRange(await Task.WhenAll(some.Select(AskAsync)).ConfigureAwait(false));
        }

        return pieces;

        async Task<TextPiece> AskAsync(TextSpan span)
        {
            var answer = await explainer.ExplainAsync(template.Build(text[span.Start..span.End], row.Pair), stop).ConfigureAwait(false);
            var said = answer.Prediction?.Labels ?? [];
            return new TextPiece(
                span.Start,
                span.End,
                [.. labels.Select(label => said.FirstOrDefault(one => one.Index == label.Index)?.Probability ?? 0)]
            );
        }
    }
}
