using ExplainService.Methods.Contracts;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;

namespace ExplainService.Methods.Inside;

/// <summary>
/// The logit lens (nostalgebraist 2020): what follows the last layer, applied to the residual stream behind each. The last layer's is the
/// prediction itself.
/// </summary>
internal static class Lens
{
    /// <summary>f and the classes after each layer, from the embeddings on.</summary>
    public static async Task<IReadOnlyList<LayerAnswer>> OfAsync(
        ExplanationContext context,
        int entries,
        CancellationToken cancellationToken
    )
    {
        var window = context.Window;
        var stream = await context
            .Runner.TapAsync([window.Row], new HiddenStatesTap(), context.Work, cancellationToken)
            .FirstAsync(cancellationToken)
            .ConfigureAwait(false);
        var rows = stream.Layers.Select(layer => new StreamRow(window.Row, layer));
        var answers = new List<LayerAnswer>();
        await foreach (var logits in context.Runner.ReadStreamAsync(rows, context.Work, cancellationToken).ConfigureAwait(false))
        {
            answers.Add(
                new LayerAnswer
                {
                    Layer = answers.Count,
                    Value = window.Target.Score(logits)[context.Target.MainOutput],
                    Labels = Labels(context, logits, entries),
                }
            );
        }

        return answers;
    }

    /// <summary>The classes at the position that is explained (of a generation the first token's); of spans there are none.</summary>
    private static LabelAnswer[]? Labels(ExplanationContext context, Logits logits, int entries)
    {
        var model = context.Model.Description;
        var line = logits[context.Window.Target.Outputs[0].Positions[0]];
        switch (model.Task)
        {
            case ModelTask.QuestionAnswering:
                return null;
            case ModelTask.TextClassification or ModelTask.TokenClassification or ModelTask.ImageClassification:
                var probabilities = model.Link == Link.Identity ? null : Probabilities.Of(line, model.Link);
                var labels = new LabelAnswer[line.Length];
                for (var index = 0; index < labels.Length; index++)
                {
                    labels[index] = LabelAnswer.Of(LabelTarget.Name(model.Labels, index), index, line[index], probabilities?[index]);
                }

                return labels;
            default:
                return VocabularyEntries.Strongest(line, entries, context.Model.Tokenizer);
        }
    }
}
