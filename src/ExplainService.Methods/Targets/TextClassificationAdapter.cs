using System.Numerics.Tensors;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Methods.Targets;

/// <summary>A label for a text or pair: multi-class, multi-label, or regression with one logit.</summary>
public sealed class TextClassificationAdapter : ITaskAdapter
{
    /// <inheritdoc/>
    public ModelTask Task => ModelTask.TextClassification;

    /// <inheritdoc/>
    public ForeseenTarget? Foresee(TaskInput task)
    {
        if (task.Request.Labels is not null)
        {
            return null;
        }

        var (model, target) = (task.Model.Description, task.Request.Target);
        var objective = ObjectiveOf(task.Request, model.Link);
        TargetFields.Allow(target, "label", "labels");
        return LabelTarget.WantsAll(target) || task.Input.Windows is not [var encoding]
            ? null
            : new ForeseenTarget(
                task.Input.RowOf(encoding),
                [target?.Label is { } label ? LabelTarget.Index(label, model.Labels, model.Labels.Count) : GradientRow.Predicted],
                objective,
                model.Link
            );
    }

    /// <inheritdoc/>
    public async Task<ResolvedTarget> ResolveAsync(TaskInput task, CancellationToken cancellationToken)
    {
        var model = task.Model.Description;
        if (task.Request.Labels is not null)
        {
            return await ZeroShotTarget.ResolveAsync(task, cancellationToken).ConfigureAwait(false);
        }

        var rows = task.Input.Windows.Select(task.Input.RowOf).ToArray();
        var (logits, probabilities) = await ScoreWindowsAsync(task, rows, cancellationToken).ConfigureAwait(false);
        var best = Array.IndexOf(probabilities, probabilities.Max());

        var objective = ObjectiveOf(task.Request, model.Link);
        TargetFields.Allow(task.Request.Target, "label", "labels");
        var all = LabelTarget.WantsAll(task.Request.Target);
        var index =
            all ? best
            : task.Request.Target?.Label is { } label ? LabelTarget.Index(label, model.Labels, logits.Length)
            : best;
        var against = Contrast.Label(task.Request, model.Labels, logits.Length);
        var outputs = all ? Enumerable.Range(0, logits.Length).ToArray() : [index];
        var function = new TargetFunction(objective, model.Link, [.. outputs.Select(Output)]);

        var prediction =
            model.Link == Link.Identity && logits.Length == 1
                ? new Prediction
                {
                    Value = logits[0],
                    Label = LabelTarget.Name(model.Labels, 0),
                    Index = 0,
                    Labels = Labels(model, logits, probabilities),
                }
                : new Prediction
                {
                    Label = LabelTarget.Name(model.Labels, best),
                    Index = best,
                    Probability = model.Link == Link.Identity ? null : probabilities[best],
                    Labels = Labels(model, logits, probabilities),
                };
        var answer = new TargetAnswer
        {
            Label = LabelTarget.Name(model.Labels, index),
            Index = index,
            Labels = all ? "all" : null,
        };
        var windows = task.Input.Windows.Zip(rows, (encoding, row) => new InputWindow(encoding, row, function)).ToArray();
        return new ResolvedTarget(prediction, answer, function, windows)
        {
            OutputLabels = all ? [.. outputs.Select(column => new OutputLabel(LabelTarget.Name(model.Labels, column), column))] : null,
            MainOutput = all ? best : 0,
            Against = against is { } other ? new TargetAnswer { Label = LabelTarget.Name(model.Labels, other), Index = other } : null,
            Combination =
                task.Request.WindowReduction == WindowReduction.Max && windows.Length > 1 ? new LargestOfWindows() : MeanOfWindows.Instance,
        };

        TargetOutput Output(int column) => new([0], [column]) { Against = against is { } foil ? [foil] : null };
    }

    private static Objective ObjectiveOf(TextRequest request, Link link)
    {
        if (link != Link.Identity)
        {
            return Contrast.ObjectiveOf(request, Objective.Probability);
        }

        return request.Objective is null or Objective.Logit
            ? Objective.Logit
            : throw InvalidRequestException.CannotDo(
                "objective",
                "A regression model has no probabilities; its only objective is \"logit\"."
            );
    }

    /// <summary>
    /// Over several windows the mean of logits and of probabilities, or the largest of each where the request says so: what f of the whole
    /// text is, so that a perturbation method's <c>value</c> is what the prediction shows.
    /// </summary>
    private static async Task<(float[] Logits, double[] Probabilities)> ScoreWindowsAsync(
        TaskInput task,
        TokenRow[] rows,
        CancellationToken cancellationToken
    )
    {
        var largest = task.Request.WindowReduction == WindowReduction.Max;
        float[]? logits = null;
        double[]? probabilities = null;
        await foreach (var window in task.Model.Runner.PredictAsync(rows, task.Work, cancellationToken).ConfigureAwait(false))
        {
            var own = Probabilities.Of(window[0], task.Model.Description.Link);
            logits = logits is null ? window[0].ToArray() : Join(logits, window[0]);
            probabilities = probabilities is null ? own : Join(probabilities, own);
        }

        if (!largest && rows.Length > 1)
        {
            TensorPrimitives.Divide(logits, rows.Length, logits!);
            TensorPrimitives.Divide(probabilities, rows.Length, probabilities!);
        }

        return (logits!, probabilities!);

        T[] Join<T>(T[] sofar, ReadOnlySpan<T> window)
            where T : System.Numerics.INumber<T>
        {
            if (largest)
            {
                TensorPrimitives.Max(sofar, window, sofar);
            }
            else
            {
                TensorPrimitives.Add(sofar, window, sofar);
            }

            return sofar;
        }
    }

    private static LabelAnswer[] Labels(ModelDescription model, float[] logits, double[] probabilities) =>
        [
            .. logits.Select(
                (logit, index) =>
                    LabelAnswer.Of(
                        LabelTarget.Name(model.Labels, index),
                        index,
                        logit,
                        model.Link == Link.Identity ? null : probabilities[index]
                    )
            ),
        ];
}
