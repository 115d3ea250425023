using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Methods.Targets;

/// <summary>
/// What comes after a text. The target is a continuation (a text or tokens; one token: the next); left out, the most likely next token, or
/// with <c>max_new_tokens</c> the greedy continuation. Tokens that were said already are part of the row: one pass scores all of them.
/// </summary>
public sealed class CausalLanguageAdapter : ITaskAdapter
{
    /// <inheritdoc/>
    public ModelTask Task => ModelTask.TextGeneration;

    /// <inheritdoc/>
    /// <remarks>The last token that is said is predicted and never read.</remarks>
    public int Reserve(ILoadedModel model, TextRequest request, CancellationToken cancellationToken) =>
        (Given(model, request, null, cancellationToken)?.Length ?? request.MaxNewTokens ?? 1) - 1;

    /// <inheritdoc/>
    public ForeseenTarget? Foresee(TaskInput task)
    {
        var given = Given(task.Model, task.Request, null, CancellationToken.None);
        return task.Request.MaxNewTokens is not null || given is { Length: > 1 }
            ? null
            : new ForeseenTarget(
                Next(task.Input.Windows[0].Ids),
                [given?[0] ?? GradientRow.Predicted],
                task.Request.Objective ?? Objective.LogProbability,
                Link.Softmax
            );
    }

    /// <inheritdoc/>
    public async Task<ResolvedTarget> ResolveAsync(TaskInput task, CancellationToken cancellationToken)
    {
        var (tokenizer, encoding) = (task.Model.Tokenizer, task.Input.Windows[0]);
        var prompt = encoding.Ids;
        var next = Next(prompt);
        var given = Given(task.Model, task.Request, task.Warnings, cancellationToken);
        var ids =
            given
            ?? (
                task.Request.MaxNewTokens is { } most
                    ? [.. await task.Model.Runner.GenerateAsync(next, most, task.Work, cancellationToken).ConfigureAwait(false)]
                    :
                    [
                        System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(
                            (await task.PredictAsync(next, cancellationToken).ConfigureAwait(false))[0]
                        ),
                    ]
            );
        var row =
            ids.Length == 1
                ? next
                : new TokenRow { Ids = [.. prompt, .. ids[..^1]], OutputPositions = [.. Enumerable.Range(prompt.Length - 1, ids.Length)] };
        var logits = await task.PredictAsync(row, cancellationToken).ConfigureAwait(false);
        var forced =
            given is null && task.Request.MaxNewTokens is { } asked
                ? GeneratedTarget.Forced(task.Model.Description, ids, prompt.Length, asked)
                : new HashSet<int>();
        var against = Contrast.Tokens(task.Request, ids, request => Given(task.Model, request, null, cancellationToken));
        var function = GeneratedTarget.Function(Contrast.ObjectiveOf(task.Request, Objective.LogProbability), ids, forced, against);
        var generation = GeneratedTarget.Of(ids, prompt, logits, function, tokenizer, forced);
        var text = string.Concat(generation.Tokens.Select(token => token.Text));
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
            new TargetAnswer
            {
                Text = text,
                TokenIds = ids,
                TokenId = ids.Length == 1 ? ids[0] : null,
                Label = ids.Length == 1 ? tokenizer.TokenText(ids[0]) : null,
            },
            function,
            [new InputWindow(encoding, row, function)]
        )
        {
            Generation = generation,
            MainOutput = generation.MainOutput,
            Against = against is null
                ? null
                : new TargetAnswer
                {
                    Text = string.Concat(AddedTexts.Of(prompt, against, tokenizer)),
                    TokenIds = against,
                    TokenId = against.Length == 1 ? against[0] : null,
                    Label = against.Length == 1 ? tokenizer.TokenText(against[0]) : null,
                },
        };
    }

    /// <summary>The text, of which what comes next is read.</summary>
    private static TokenRow Next(int[] prompt) => new() { Ids = prompt, OutputPositions = [prompt.Length - 1] };

    private static int[]? Given(
        ILoadedModel model,
        TextRequest request,
        ICollection<Warning>? warnings,
        CancellationToken cancellationToken
    )
    {
        var target = request.Target;
        TargetFields.Allow(target, "continuation", "token_ids", "token_id", "label");
        GivenTokens.CheckAlone(request);
        if (target?.Continuation is { } continuation)
        {
            var (ids, apart) = GivenTokens.OfContinuation(request.Text, continuation, model.Tokenizer, cancellationToken);
            if (apart)
            {
                warnings?.Add(
                    new Warning(
                        WarningCode.ContinuationTokenizedApart,
                        "Text and continuation would share a token where they meet; they were tokenized apart."
                    )
                );
            }

            return ids;
        }

        return GivenTokens.ByIds(target, model.Tokenizer) ?? (VocabularyEntries.Named(target, model.Tokenizer) is { } id ? [id] : null);
    }
}
