using ExplainService.Methods.Contracts;
using ExplainService.Runtime;
using ExplainService.Text;

namespace ExplainService.Methods.Targets;

/// <summary>
/// A label for every token. The target is a token and a label; left out, the token whose predicted label is the strongest that is not "O",
/// and that label. <c>"labels": "all"</c> explains every class of a token, or without a token every entity of the text at once.
/// </summary>
public sealed class TokenClassificationAdapter : ITaskAdapter
{
    /// <inheritdoc/>
    public ModelTask Task => ModelTask.TokenClassification;

    /// <inheritdoc/>
    /// <remarks>Which token is the strongest, where none is named, only the logits of all of them tell.</remarks>
    public ForeseenTarget? Foresee(TaskInput task)
    {
        var (target, labels) = (task.Request.Target, task.Model.Description.Labels);
        TargetFields.Allow(target, "token", "label", "labels");
        if (
            LabelTarget.WantsAll(target)
            || target?.Token is not (>= 0 and var place)
            || task.Input.Windows is not [var encoding]
            || place >= encoding.Count
        )
        {
            return null;
        }

        var column = target.Label is { } label ? LabelTarget.Index(label, labels, labels.Count) : GradientRow.Predicted;
        return new ForeseenTarget(
            RowOf(encoding),
            [.. Enumerable.Range(0, encoding.Count).Select(position => position == place ? column : -1)],
            task.Request.Objective ?? Objective.Probability,
            Link.Softmax
        );
    }

    /// <inheritdoc/>
    public async Task<ResolvedTarget> ResolveAsync(TaskInput task, CancellationToken cancellationToken)
    {
        var (input, target, labels) = (task.Input, task.Request.Target, task.Model.Description.Labels);
        TargetFields.Allow(target, "token", "label", "labels");
        var all = LabelTarget.WantsAll(target);
        var windows = new CentralWindows(input);
        var lines = await LinesAsync(task, windows, cancellationToken).ConfigureAwait(false);
        var predictions = windows.Known.Select(token => Read(token, lines[token]!, labels)).ToDictionary(prediction => prediction.Token);
        var entities = EntityGrouping.Group(input, predictions);
        var main = Choose(task, windows, lines, predictions);
        var entitiesAtOnce = all && target!.Token is null;
        var strongest = IndexOfStrongest(entities);
        if (entitiesAtOnce && entities.Count == 0)
        {
            task.Warnings.Add(
                new Warning(
                    WarningCode.NoEntity,
                    "The model finds no entity in this text; the scores are those of its strongest token's label."
                )
            );
        }

        if (entitiesAtOnce && entities.Count > 0)
        {
            main = (entities[strongest].Heads[0], predictions[entities[strongest].Heads[0]].Index);
        }

        (int[] Tokens, int[] Classes)[] wanted =
            entitiesAtOnce && entities.Count > 0
                ? [.. entities.Select(entity => (entity.Heads, entity.Heads.Select(token => predictions[token].Index).ToArray()))]
            : all && !entitiesAtOnce
                ? [.. Enumerable.Range(0, lines[main.Token]!.Length).Select(column => (new[] { main.Token }, new[] { column }))]
            : [([main.Token], [main.Index])];
        var against = Contrast.Label(task.Request, labels, labels.Count);
        var (window, function) = Function(task, windows, wanted, against);
        return new ResolvedTarget(
            new Prediction
            {
                Label = predictions[main.Token].Label,
                Index = predictions[main.Token].Index,
                Probability = predictions[main.Token].Probability,
                Labels = predictions[main.Token].Labels,
                Tokens = [.. predictions.Values],
                Entities = [.. entities.Select(entity => entity.Answer(input))],
            },
            new TargetAnswer
            {
                Token = main.Token,
                Label = LabelTarget.Name(labels, main.Index),
                Index = main.Index,
                Labels = all ? "all" : null,
            },
            function,
            [window]
        )
        {
            OutputLabels =
                !all ? null
                : entitiesAtOnce ? [.. entities.Select(entity => entity.Output(input, predictions))]
                : [.. wanted.Select(output => new OutputLabel(LabelTarget.Name(labels, output.Classes[0]), output.Classes[0]))],
            Against = against is { } other
                ? new TargetAnswer
                {
                    Token = main.Token,
                    Label = LabelTarget.Name(labels, other),
                    Index = other,
                }
                : null,
            MainOutput =
                entitiesAtOnce ? strongest
                : all ? main.Index
                : 0,
        };
    }

    /// <summary>The logits of every token, [token][class], each from its own window; null for tokens that are not read.</summary>
    private static async Task<float[]?[]> LinesAsync(TaskInput task, CentralWindows windows, CancellationToken cancellationToken)
    {
        var rows = task.Input.Windows.Select(RowOf);
        var lines = new float[task.Input.Tokens.Count][];
        var window = 0;
        await foreach (var logits in task.Model.Runner.PredictAsync(rows, task.Work, cancellationToken).ConfigureAwait(false))
        {
            var encoding = task.Input.Windows[window];
            for (var position = 0; position < encoding.Count; position++)
            {
                var token = encoding.SourceOf(position);
                if (windows.Knows(token) && windows[token] == (window, position))
                {
                    lines[token] = logits[position].ToArray();
                }
            }

            window++;
        }

        return lines;
    }

    private static TokenRow RowOf(Encoding encoding) =>
        new()
        {
            Ids = encoding.Ids,
            TypeIds = encoding.TypeIds,
            OutputPositions = [.. Enumerable.Range(0, encoding.Count)],
        };

    private static TokenPrediction Read(int token, float[] line, IReadOnlyList<string> labels)
    {
        var probabilities = Probabilities.Of(line, Link.Softmax);
        var best = System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(line);
        return new TokenPrediction(token, LabelTarget.Name(labels, best), best, probabilities[best])
        {
            Labels =
            [
                .. line.Select((logit, index) => LabelAnswer.Of(LabelTarget.Name(labels, index), index, logit, probabilities[index])),
            ],
        };
    }

    private static (int Token, int Index) Choose(
        TaskInput task,
        CentralWindows windows,
        float[]?[] lines,
        Dictionary<int, TokenPrediction> predictions
    )
    {
        var target = task.Request.Target;
        var classes = lines.First(line => line is not null)!.Length;
        int? wanted = target?.Label is { } label ? LabelTarget.Index(label, task.Model.Description.Labels, classes) : null;
        if (target?.Token is { } named)
        {
            return (windows.Named(named), wanted ?? predictions[named].Index);
        }

        var content = predictions
            .Values.Where(prediction => !task.Input.Tokens.Tokens[prediction.Token].Special)
            .DefaultIfEmpty(predictions.Values.First());
        if (wanted is { } index)
        {
            return (content.MaxBy(prediction => prediction.Labels![index].Probability)!.Token, index);
        }

        var inside = content.Where(prediction => prediction.Label != EntityGrouping.Outside).MaxBy(prediction => prediction.Probability);
        var chosen = inside ?? content.MaxBy(prediction => prediction.Probability)!;
        return (chosen.Token, chosen.Index);
    }

    private static (InputWindow Window, TargetFunction Function) Function(
        TaskInput task,
        CentralWindows windows,
        (int[] Tokens, int[] Classes)[] wanted,
        int? against
    )
    {
        int[] tokens = [.. wanted.SelectMany(output => output.Tokens).Distinct()];
        var encoding = task.Input.Windows[windows.Shared(tokens)];
        var row = new TokenRow
        {
            Ids = encoding.Ids,
            TypeIds = encoding.TypeIds,
            OutputPositions = [.. tokens.Select(token => windows[token].Position)],
        };
        var function = new TargetFunction(
            Contrast.ObjectiveOf(task.Request, Objective.Probability),
            Link.Softmax,
            [
                .. wanted.Select(output => new TargetOutput(
                    [.. output.Tokens.Select(token => Array.IndexOf(tokens, token))],
                    output.Classes
                )
                {
                    Against = against is { } other ? [.. output.Classes.Select(_ => other)] : null,
                }),
            ]
        );
        return (new InputWindow(encoding, row, function), function);
    }

    private static int IndexOfStrongest(IReadOnlyList<Entity> entities) =>
        entities.Count == 0 ? 0 : Enumerable.Range(0, entities.Count).MaxBy(index => entities[index].Probability);
}
