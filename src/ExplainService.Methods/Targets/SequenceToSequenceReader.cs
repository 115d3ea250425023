using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Methods.Targets;

/// <summary>
/// A text from a text. The target is a text or tokens without the decoder's start token; left out, the greedy generation of at most
/// <c>max_new_tokens</c>. The decoder reads what was said already: one pass scores all tokens.
/// </summary>
public sealed class SequenceToSequenceReader : ITaskReader
{
    /// <summary>New tokens where the request does not say.</summary>
    public const int DefaultNewTokens = 32;

    /// <inheritdoc/>
    public ModelTask Task => ModelTask.Text2textGeneration;

    /// <inheritdoc/>
    public async Task<TaskReading> ReadAsync(TaskQuestion question, CancellationToken cancellationToken)
    {
        var (model, tokenizer, encoding) = (question.Model.Description, question.Model.Tokenizer, question.Input.Windows[0]);
        var start =
            model.DecoderStart
            ?? throw new NotSupportedByModelException(
                "The model's files name no token that its decoder starts with (decoder_start_token_id)."
            );
        var given = Given(question);
        var ids = given ?? await GenerateAsync(question, start, cancellationToken).ConfigureAwait(false);
        if (ids.Length > model.MaxTokens)
        {
            throw InvalidRequestException.CannotDo(
                "target",
                FormattableString.Invariant($"the target has {ids.Length} tokens and the model takes {model.MaxTokens}")
            );
        }

        var row = new ModelRow
        {
            Ids = encoding.Ids,
            TypeIds = encoding.TypeIds,
            DecoderIds = [start, .. ids[..^1]],
            Reads = [.. Enumerable.Range(0, ids.Length)],
        };
        var logits = await question.PredictAsync(row, cancellationToken).ConfigureAwait(false);
        var function = GenerationReading.Function(question.Request.Objective, ids);
        var generation = GenerationReading.Of(ids, [], logits, function, tokenizer);
        var text = tokenizer.Decode(ids);
        var entries = VocabularyEntries.Strongest(logits[0], question.TopK, tokenizer);
        return new TaskReading(
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
        };
    }

    private static int[]? Given(TaskQuestion question)
    {
        var (target, tokenizer) = (question.Request.Target, question.Model.Tokenizer);
        TargetFields.Allow(target, "text", "token_ids");
        GivenTokens.CheckAlone(question.Request);

        // As labels were tokenized in training: with the end token, and whatever else the template adds.
        return target?.Text is not { } text ? GivenTokens.ByIds(target, tokenizer)
            : tokenizer.Encode(text).Ids is { Length: > 0 } ids ? ids
            : throw InvalidRequestException.CannotDo("target.text", "has no tokens");
    }

    private static async Task<int[]> GenerateAsync(TaskQuestion question, int start, CancellationToken cancellationToken)
    {
        var prompt = new ModelRow
        {
            Ids = question.Input.Windows[0].Ids,
            TypeIds = question.Input.Windows[0].TypeIds,
            DecoderIds = [start],
        };
        var most = question.Request.MaxNewTokens ?? DefaultNewTokens;
        int[] ids = [.. await question.Model.Runner.GenerateAsync(prompt, most, question.Work, cancellationToken).ConfigureAwait(false)];
        if (question.Request.MaxNewTokens is null && ids.Length == most && !question.Model.Description.EndTokens.Contains(ids[^1]))
        {
            question.Warnings.Add(
                FormattableString.Invariant($"the generation was stopped after {most} tokens; max_new_tokens lets it go on")
            );
        }

        return ids;
    }
}
