using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Methods.Targets;

/// <summary>
/// The token under a mask. The target is a position and a token; left out, the first mask of the text and its most likely token. Any token
/// of the text may be the position: it is then scored as it stands.
/// </summary>
public sealed class MaskedLanguageAdapter : ITaskAdapter
{
    /// <inheritdoc/>
    public ModelTask Task => ModelTask.FillMask;

    /// <inheritdoc/>
    public bool HasTarget(TaskInput task) =>
        task.Request.Target is not null || task.Input.Tokens.Tokens.Any(token => token.Id == task.Model.Tokenizer.Special.Mask);

    /// <inheritdoc/>
    public ForeseenTarget? Foresee(TaskInput task)
    {
        var (target, tokenizer) = (task.Request.Target, task.Model.Tokenizer);
        TargetFields.Allow(target, "token", "token_id", "label");
        var named = VocabularyEntries.Named(target, tokenizer);
        var tokens = task.Input.Tokens.Tokens;
        int[] masks = [.. Enumerable.Range(0, tokens.Count).Where(token => tokens[token].Id == tokenizer.Special.Mask)];
        if (task.Input.Windows is not [var encoding] || (target?.Token ?? masks.FirstOrDefault(-1)) is not (>= 0 and var place))
        {
            return null;
        }

        int[] reads = [.. masks.Append(place).Distinct().Order()];
        return place >= encoding.Count
            ? null
            : new ForeseenTarget(
                new TokenRow
                {
                    Ids = encoding.Ids,
                    TypeIds = encoding.TypeIds,
                    OutputPositions = reads,
                },
                [.. reads.Select(read => read == place ? named ?? GradientRow.Predicted : -1)],
                task.Request.Objective ?? Objective.Probability,
                Link.Softmax
            );
    }

    /// <inheritdoc/>
    public async Task<ResolvedTarget> ResolveAsync(TaskInput task, CancellationToken cancellationToken)
    {
        var (input, target, tokenizer) = (task.Input, task.Request.Target, task.Model.Tokenizer);
        TargetFields.Allow(target, "token", "token_id", "label");
        var named = VocabularyEntries.Named(target, tokenizer);
        var windows = new CentralWindows(input);
        int[] masks = [.. windows.Known.Where(token => input.Tokens.Tokens[token].Id == tokenizer.Special.Mask)];
        if (target?.Token is null && masks.Length == 0)
        {
            throw InvalidRequestException.CannotDo(
                "target.token",
                tokenizer.Special.MaskText is { } mask
                    ? $"The text has no {mask}; put one where a token is to be predicted, or name a position of \"tokens\"."
                    : "This tokenizer has no mask token; name a position of \"tokens\"."
            );
        }

        var position = target?.Token is { } token ? windows.Named(token) : masks[0];
        var predictions = await PredictAsync(task, windows, [.. masks.Append(position).Distinct().Order()], cancellationToken)
            .ConfigureAwait(false);
        var here = predictions[position];
        var id = named ?? here.Index;
        var encoding = input.Windows[windows[position].Window];
        TargetFields.Allow(task.Request.Against, ["token_id", "label"], Contrast.Field);
        var against = VocabularyEntries.Named(task.Request.Against, tokenizer, Contrast.Field);
        var function = new TargetFunction(
            Contrast.ObjectiveOf(task.Request, Objective.Probability),
            Link.Softmax,
            [new TargetOutput([0], [id]) { Against = against is { } other ? [other] : null }]
        );
        var row = new TokenRow
        {
            Ids = encoding.Ids,
            TypeIds = encoding.TypeIds,
            OutputPositions = [windows[position].Position],
        };
        return new ResolvedTarget(
            new Prediction
            {
                Label = here.Label,
                Index = here.Index,
                Probability = here.Probability,
                Labels = here.Labels,
                Tokens = masks.Length == 0 ? null : [.. masks.Select(mask => predictions[mask])],
            },
            new TargetAnswer
            {
                Token = position,
                TokenId = id,
                Label = tokenizer.TokenText(id),
                Index = id,
            },
            function,
            [new InputWindow(encoding, row, function)]
        )
        {
            Against = against is { } foil
                ? new TargetAnswer
                {
                    Token = position,
                    TokenId = foil,
                    Label = tokenizer.TokenText(foil),
                    Index = foil,
                }
                : null,
        };
    }

    /// <summary>What the model says at these tokens, each in its own window.</summary>
    private static async Task<Dictionary<int, TokenPrediction>> PredictAsync(
        TaskInput task,
        CentralWindows windows,
        int[] tokens,
        CancellationToken cancellationToken
    )
    {
        var groups = tokens.GroupBy(token => windows[token].Window).ToArray();
        var rows = groups.Select(group => new TokenRow
        {
            Ids = task.Input.Windows[group.Key].Ids,
            TypeIds = task.Input.Windows[group.Key].TypeIds,
            OutputPositions = [.. group.Select(token => windows[token].Position)],
        });
        var predictions = new Dictionary<int, TokenPrediction>();
        var next = 0;
        await foreach (var logits in task.Model.Runner.PredictAsync(rows, task.Work, cancellationToken).ConfigureAwait(false))
        {
            foreach (var (token, read) in groups[next++].Select((token, read) => (token, read)))
            {
                var entries = VocabularyEntries.Strongest(logits[read], task.TopK, task.Model.Tokenizer);
                predictions[token] = new TokenPrediction(token, entries[0].Label, entries[0].Index, entries[0].Probability!.Value)
                {
                    Labels = entries,
                };
            }
        }

        return predictions;
    }
}
