using ExplainService.Methods.Contracts;
using ExplainService.Methods.Perturbation;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;

namespace ExplainService.Methods.Counterfactuals;

/// <summary>A changed text that was judged.</summary>
/// <param name="Text">The text.</param>
/// <param name="Verdict">What the model says of it; null: it takes no such text (nothing is left of it, it has grown too long).</param>
internal sealed record JudgedText(EditedText Text, Verdict? Verdict);

/// <summary>
/// Has the model read changed texts, each from its characters, as <c>/predict</c> would: what a method of this room says of a text was
/// seen. Every text counts once against the budget. Of a picture a changed text is the picture with units hidden.
/// </summary>
/// <param name="context">The request.</param>
/// <param name="goal">What is wanted.</param>
/// <param name="budget">Texts that may be scored.</param>
internal sealed class TextJudge(ExplanationContext context, Goal goal, int budget)
{
    /// <summary>Entries of a vocabulary to look for the wanted one among.</summary>
    private const int FarDown = 1000;

    // Texts whose rows are asked for together, and so share batches.
    private const int AtOnce = 64;

    private int spent;

    /// <summary>Texts scored so far.</summary>
    public int Spent => Volatile.Read(ref spent);

    /// <summary>Texts that may still be.</summary>
    public int Left => Math.Max(0, budget - Spent);

    /// <summary>The time was up.</summary>
    public bool Late { get; private set; }

    /// <summary>Nothing more can be judged.</summary>
    public bool IsOver => Left == 0 || (Late = Late || context.Deadline.Passed);

    /// <summary>What is wanted.</summary>
    public Goal Goal => goal;

    /// <summary>The request.</summary>
    public ExplanationContext Context => context;

    /// <summary>What stands for a picture's hidden units; null: it is a text, whose units go.</summary>
    public Replacement? Hidden { get; } =
        context.Input.Picture is null
            ? null
            : Replacement.Resolve(((CounterfactualRequest)context.Request).Replacement, context.Model, context.Warnings);

    /// <summary>Counts what the model did for the answer beside judging texts.</summary>
    public void Count(int evaluations) => Interlocked.Add(ref spent, evaluations);

    /// <summary>One text after the other, as far as budget and time go; null for those that they did not reach.</summary>
    public async Task<JudgedText?[]> OfAsync(IReadOnlyList<EditedText> texts, CancellationToken cancellationToken)
    {
        var judged = new JudgedText?[texts.Count];
        for (var first = 0; first < texts.Count && !IsOver; first += AtOnce)
        {
            var read = new List<(int Index, TaskInput Task)>();
            foreach (var index in Enumerable.Range(first, Math.Min(Math.Min(AtOnce, Left), texts.Count - first)))
            {
                if (Prepare(texts[index], goal.TargetIn, needsTarget: true, cancellationToken) is { } task)
                {
                    read.Add((index, task));
                }
                else
                {
                    judged[index] = new JudgedText(texts[index], null);
                }
            }

            await JudgeAsync(read).ConfigureAwait(false);
        }

        return judged;

        async Task JudgeAsync(List<(int Index, TaskInput Task)> read)
        {
            var rows = await RowsAsync([.. read.Select(one => one.Task)], cancellationToken).ConfigureAwait(false);
            var model = new KnownRows(context.Model, rows);
            foreach (var (index, task) in read)
            {
                // Of texts that there was no time for the others' rows are of use still.
                if (!Late || RowsOf(task).All(rows.ContainsKey))
                {
                    Count(1);
                    var resolved = await ResolveAsync(task with { Model = model }, cancellationToken).ConfigureAwait(false);
                    judged[index] = new JudgedText(texts[index], resolved is null ? null : goal.Judge(resolved.Prediction));
                }
            }
        }
    }

    /// <summary>A changed text as the model reads it, with the target that holds its prediction; null: the model takes no such text.</summary>
    public Task<(PreparedInput Input, ResolvedTarget Resolved)?> ReadAsync(EditedText text, CancellationToken cancellationToken) =>
        ReadAsync(text, goal.TargetIn, needsTarget: true, cancellationToken);

    /// <summary>What <c>/predict</c> says of a text that was found; null where that is not what was wanted after all.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isChanged">Whether its prediction is to be another.</param>
    /// <param name="cancellationToken">The caller has left.</param>
    public async Task<ResolvedTarget?> ConfirmAsync(EditedText text, bool isChanged, CancellationToken cancellationToken)
    {
        var read = await ReadAsync(text, goal.ShownIn, needsTarget: false, cancellationToken).ConfigureAwait(false);
        return read is { } known && goal.Judge(known.Resolved.Prediction).Changed == isChanged ? known.Resolved : null;
    }

    /// <summary>Works until the deadline passes, and notes that it did.</summary>
    public async Task InTimeAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.Deadline.Expired, cancellationToken);
        try
        {
            await work(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.Deadline.Passed && !cancellationToken.IsCancellationRequested)
        {
            Late = true;
        }
    }

    /// <summary>The logits of what the texts will be judged by, as far as there is time.</summary>
    private async Task<Dictionary<ModelRow, Logits>> RowsAsync(TaskInput[] tasks, CancellationToken cancellationToken)
    {
        TokenRow[] rows = [.. tasks.SelectMany(RowsOf).Distinct()];
        var known = new Dictionary<ModelRow, Logits>();
        var inTime = context.Deadline.InTime(
            stop => context.Runner.PredictAsync(rows, context.Work with { Precision = Precision.Exact }, stop),
            cancellationToken
        );
        await foreach (var logits in inTime.ConfigureAwait(false))
        {
            known[rows[known.Count]] = logits;
        }

        Late |= known.Count < rows.Length;
        return known;
    }

    /// <summary>The rows that the task's adapter reads of a text, where they can be told.</summary>
    private IEnumerable<TokenRow> RowsOf(TaskInput task) =>
        context.Adapter!.Foresee(task) is { } foreseen ? [foreseen.Row]
        : context.Model.Description.Task is ModelTask.TextClassification or ModelTask.QuestionAnswering
            ? task.Input.Windows.Select(InputWindow.RowOf)
        : [];

    private async Task<(PreparedInput Input, ResolvedTarget Resolved)?> ReadAsync(
        EditedText text,
        Func<EditedText, PreparedInput, TargetRequest?> targetIn,
        bool needsTarget,
        CancellationToken cancellationToken
    ) =>
        Prepare(text, targetIn, needsTarget, cancellationToken) is { } task
        && await ResolveAsync(task, cancellationToken).ConfigureAwait(false) is { } resolved
            ? (task.Input, resolved)
            : null;

    private TaskInput? Prepare(
        EditedText text,
        Func<EditedText, PreparedInput, TargetRequest?> targetIn,
        bool needsTarget,
        CancellationToken cancellationToken
    )
    {
        if (text.IsBlank)
        {
            return null;
        }

        var (model, asked) = (context.Model, (CounterfactualRequest)context.Request);
        var request = asked with
        {
            Text = Hidden is null ? text.Text : asked.Text,
            Pair = text.Pair,
            Target = null,
            Against = needsTarget ? goal.Against : null,
            MaxNewTokens = null,
            Listed = needsTarget && asked.To is not null ? FarDown : null,
        };
        try
        {
            var input = Hidden is { Token: { } version }
                ? context.Input.Hiding(text.Edits.Select(edit => edit.Start), version)
                : InputPreparation.Prepare(
                    model,
                    request,
                    TargetChecks.NoWindows(model.Description, explains: true, others: null),
                    context.Adapter!.Reserve(model, request, cancellationToken),
                    runs: true,
                    [],
                    cancellationToken
                );
            return targetIn(text, input) is var target && (target is not null || !needsTarget)
                ? new TaskInput(model, request with { Target = target }, input, context.Work with { Precision = Precision.Exact }, [])
                : null;
        }
        catch (InvalidRequestException)
        {
            return null;
        }
    }

    private async Task<ResolvedTarget?> ResolveAsync(TaskInput task, CancellationToken cancellationToken)
    {
        try
        {
            return await context.Adapter!.ResolveAsync(task, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is InvalidRequestException or NotFiniteException)
        {
            return null;
        }
    }
}
