using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;

namespace ExplainService.Methods.Targets;

/// <summary>
/// The caller's own labels, by a model of natural language inference: how far the text entails the hypothesis of each (Yin et al. 2019).
/// </summary>
internal static class ZeroShotTarget
{
    /// <summary>Scores the text beside every hypothesis.</summary>
    /// <exception cref="InvalidRequestException">The target names no label of the request.</exception>
    public static async Task<ResolvedTarget> ResolveAsync(TaskInput task, CancellationToken cancellationToken)
    {
        var names = task.Request.Labels!;
        var entailment = Hypotheses.EntailmentOf(task.Model.Description)!.Value;
        TargetFields.Allow(task.Request.Target, "label", "labels");
        var all = LabelTarget.WantsAll(task.Request.Target);

        // As Transformers' pipeline has it: a single label is weighed against contradiction, the first class that is not entailment.
        var single = names.Count == 1;
        int[] classes = single ? [entailment, entailment == 0 ? task.Model.Description.Labels.Count - 1 : 0] : [entailment];
        var logits = new TargetFunction(Objective.Logit, Link.Softmax, [.. classes.Select(column => new TargetOutput([0], [column]))]);
        InputWindow[] windows = [.. task.Input.Windows.Select(encoding => new InputWindow(encoding, InputWindow.RowOf(encoding), logits))];
        var rows = windows.Select(window => window.Row);
        var scores = new List<double[]>(windows.Length);
        await foreach (var line in task.Model.Runner.PredictAsync(rows, task.Work, cancellationToken).ConfigureAwait(false))
        {
            scores.Add(logits.Score(line));
        }

        var probabilities = SoftmaxOfHypotheses.Probabilities(scores);
        var best = Array.IndexOf(probabilities, probabilities.Max());
        var index =
            all ? best
            : task.Request.Target?.Label is { } label ? LabelTarget.Index(label, names, names.Count)
            : best;
        int[] outputs = all ? [.. Enumerable.Range(0, names.Count)] : [index];
        var objective = Contrast.ObjectiveOf(task.Request, Objective.Probability);
        var against = Contrast.Label(task.Request, names, names.Count);
        var combination = new SoftmaxOfHypotheses(objective, outputs, single, against);
        var slopes = combination.At(all ? index : 0, scores).Slopes[index];
        return new ResolvedTarget(
            new Prediction
            {
                Label = names[best],
                Index = best,
                Probability = probabilities[best],
                Labels = [.. names.Select((name, at) => new LabelAnswer(name, at, scores[at][0], probabilities[at]))],
            },
            new TargetAnswer
            {
                Label = names[index],
                Index = index,
                Labels = all ? "all" : null,
            },
            new TargetFunction(objective, Link.Softmax, [.. outputs.Select(Output)]),
            windows
        )
        {
            Combination = combination,
            Shown = new ShownRow(
                Whole(task.Request, task.Input, index),
                windows[index],
                slopes.Count(slope => slope != 0) == 1 ? slopes.First(slope => slope != 0) : null
            ),
            OutputLabels = all ? [.. outputs.Select(output => new OutputLabel(names[output], output))] : null,
            MainOutput = all ? best : 0,
            Against = against is { } foil ? new TargetAnswer { Label = names[foil], Index = foil } : null,
        };

        TargetOutput Output(int label) => new([0], [label]) { Against = against is { } other ? [other] : null };
    }

    /// <summary>The text and one hypothesis as a pair, with all of the row's tokens.</summary>
    private static PreparedInput Whole(TextRequest request, PreparedInput input, int label)
    {
        var hypothesis = Hypotheses.Of(request)[label];
        var tokens = new Text.Encoding([.. input.Windows[label].Tokens.Select(token => token with { Special = token.Sequence < 0 })]);
        return input with
        {
            Pair = hypothesis,
            Offsets = new InputOffsets(input.Offsets.Unit, input.Text, hypothesis),
            Tokens = tokens,
            Windows = [tokens],
            ReadsApart = false,
        };
    }
}
