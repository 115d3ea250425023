using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;

namespace ExplainService.Methods.Targets;

/// <summary>A label for a text or pair: multi-class, multi-label, or regression with one logit.</summary>
public sealed class TextClassificationReader : ITaskReader
{
    /// <inheritdoc/>
    public ModelTask Task => ModelTask.TextClassification;

    /// <inheritdoc/>
    public async Task<TaskReading> ReadAsync(TaskQuestion question, CancellationToken cancellationToken)
    {
        var model = question.Model.Description;
        var rows = question.Input.Windows.Select(encoding => new ModelRow { Ids = encoding.Ids, TypeIds = encoding.TypeIds }).ToArray();
        var logits = await ScoreWindowsAsync(question, rows, cancellationToken).ConfigureAwait(false);
        var probabilities = Probabilities.Of(logits, model.Link);
        var best = Array.IndexOf(probabilities, probabilities.Max());

        var objective = ObjectiveOf(question.Request, model.Link);
        TargetFields.Allow(question.Request.Target, "label", "labels");
        var all = LabelTarget.WantsAll(question.Request.Target);
        var index = all ? best : question.Request.Target?.Label is { } label ? LabelTarget.Index(label, model.Labels, logits.Length) : best;
        var outputs = all ? Enumerable.Range(0, logits.Length).ToArray() : [index];
        var function = new TargetFunction(objective, model.Link, [.. outputs.Select(column => new TargetOutput([0], [column]))]);

        var prediction = model.Link == Link.Identity && logits.Length == 1
            ? new Prediction { Value = logits[0], Label = LabelTarget.Name(model.Labels, 0), Index = 0, Labels = Labels(model, logits, probabilities) }
            : new Prediction
            {
                Label = LabelTarget.Name(model.Labels, best),
                Index = best,
                Probability = model.Link == Link.Identity ? null : probabilities[best],
                Labels = Labels(model, logits, probabilities),
            };
        var answer = new TargetAnswer { Label = LabelTarget.Name(model.Labels, index), Index = index, Labels = all ? "all" : null };
        var windows = question.Input.Windows.Zip(rows, (encoding, row) => new InputWindow(encoding, row, function)).ToArray();
        return new TaskReading(prediction, answer, function, windows)
        {
            OutputLabels = all ? [.. outputs.Select(column => new OutputLabel(LabelTarget.Name(model.Labels, column), column))] : null,
            MainOutput = all ? best : 0,
        };
    }

    private static Objective ObjectiveOf(ExplainRequest request, Link link)
    {
        if (link != Link.Identity)
        {
            return request.Objective ?? Objective.Probability;
        }

        return request.Objective is null or Objective.Logit
            ? Objective.Logit
            : throw InvalidRequestException.CannotDo("objective", "a regression model has no probabilities: its only objective is \"logit\"");
    }

    /// <summary>Over several windows the mean of their logits is what the whole text's prediction shows.</summary>
    private static async Task<float[]> ScoreWindowsAsync(TaskQuestion question, ModelRow[] rows, CancellationToken cancellationToken)
    {
        float[]? sum = null;
        await foreach (var logits in question.Model.Runner.PredictAsync(rows, question.Work, cancellationToken).ConfigureAwait(false))
        {
            if (sum is null)
            {
                sum = logits[0].ToArray();
            }
            else
            {
                System.Numerics.Tensors.TensorPrimitives.Add(sum, logits[0], sum);
            }
        }

        System.Numerics.Tensors.TensorPrimitives.Divide(sum!, rows.Length, sum!);
        return sum!;
    }

    private static LabelAnswer[] Labels(ModelDescription model, float[] logits, double[] probabilities) =>
        [.. logits.Select((logit, index) => new LabelAnswer(
            LabelTarget.Name(model.Labels, index), index, logit, model.Link == Link.Identity ? null : probabilities[index]))];
}
