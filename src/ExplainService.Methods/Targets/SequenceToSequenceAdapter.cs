using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Methods.Targets;

/// <summary>
/// A text from a text. The target is a text or tokens without the decoder's start token; left out, the greedy generation of at most
/// <c>max_new_tokens</c>. The decoder reads what was said already: one pass scores all tokens.
/// </summary>
public sealed class SequenceToSequenceAdapter : ITaskAdapter
{
    /// <summary>New tokens where the request does not say.</summary>
    public const int DefaultNewTokens = 32;

    /// <inheritdoc/>
    public ModelTask Task => ModelTask.Text2textGeneration;

    /// <inheritdoc/>
    public async Task<ResolvedTarget> ResolveAsync(TaskInput task, CancellationToken cancellationToken)
    {
        var (model, tokenizer, encoding) = (task.Model.Description, task.Model.Tokenizer, task.Input.Windows[0]);
        var start =
            model.DecoderStart
            ?? throw new NotSupportedByModelException(
                "The model's files name no token that its decoder starts with (decoder_start_token_id)."
            );
        var given = Given(task);
        var ids = given ?? await GenerateAsync(task, start, cancellationToken).ConfigureAwait(false);
        if (ids.Length > model.MaxTokens)
        {
            throw InvalidRequestException.CannotDo(
                "target",
                FormattableString.Invariant($"The target has {ids.Length} tokens and the model takes {model.MaxTokens}.")
            );
        }

        var row = new TokenRow
        {
            Ids = encoding.Ids,
            TypeIds = encoding.TypeIds,
            DecoderIds = [start, .. ids[..^1]],
            OutputPositions = [.. Enumerable.Range(0, ids.Length)],
        };
        var logits = await task.PredictAsync(row, cancellationToken).ConfigureAwait(false);
        var forced = given is null
            ? GeneratedTarget.Forced(model, ids, 1, task.Request.MaxNewTokens ?? DefaultNewTokens)
            : new HashSet<int>();
        var against = Contrast.Tokens(task.Request, ids, request => Given(task with { Request = request }));
        var function = GeneratedTarget.Function(Contrast.ObjectiveOf(task.Request, Objective.LogProbability), ids, forced, against);
        var generation = GeneratedTarget.Of(ids, [], logits, function, tokenizer, forced);
        var text = tokenizer.Decode(ids);
        var entries = VocabularyEntries.Strongest(logits[0], task.TopK, tokenizer);
        return new ResolvedTarget(
            new Prediction
            {
                Label = entries[0].Label,
                Index = entries[0].Index,
                Probability = entries[0].Probability,
                Labels = entries,
                Text = given is null ? text : null,
            },
            new TargetAnswer { Text = text, TokenIds = ids },
            function,
            [new InputWindow(encoding, row, function)]
        )
        {
            Generation = generation,
            MainOutput = generation.MainOutput,
            Against = against is null ? null : new TargetAnswer { Text = tokenizer.Decode(against), TokenIds = against },
        };
    }

    private static int[]? Given(TaskInput task)
    {
        var (target, tokenizer) = (task.Request.Target, task.Model.Tokenizer);
        TargetFields.Allow(target, "text", "token_ids");
        GivenTokens.CheckAlone(task.Request);

        // As labels were tokenized in training: with the end token, and whatever else the template adds.
        return target?.Text is not { } text ? GivenTokens.ByIds(target, tokenizer)
            : tokenizer.Encode(text).Ids is { Length: > 0 } ids ? ids
            : throw InvalidRequestException.CannotDo("target.text", "The text of the target has no tokens.");
    }

    private static async Task<int[]> GenerateAsync(TaskInput task, int start, CancellationToken cancellationToken)
    {
        var prompt = new TokenRow
        {
            Ids = task.Input.Windows[0].Ids,
            TypeIds = task.Input.Windows[0].TypeIds,
            DecoderIds = [start],
        };
        var most = task.Request.MaxNewTokens ?? DefaultNewTokens;
        int[] ids = [.. await task.Model.Runner.GenerateAsync(prompt, most, task.Work, cancellationToken).ConfigureAwait(false)];
        var model = task.Model.Description;
        var ended = model.EndTokens.Contains(ids[^1]) && !model.ForcedLast.Contains(ids[^1]);
        if (task.Request.MaxNewTokens is null && ids.Length == most && !ended)
        {
            task.Warnings.Add(
                new Warning(
                    WarningCode.GenerationStopped,
                    FormattableString.Invariant($"The generation was stopped after {most} tokens; max_new_tokens lets it go on.")
                )
            );
        }

        return ids;
    }
}
