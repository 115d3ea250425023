using ExplainService.Runtime.Scheduling;
using ExplainService.Runtime.Sessions;

namespace ExplainService.Runtime.Models;

/// <summary>
/// Makes the forms of loaded models that requests with default settings need, so that the first of those need not wait: one at a time over
/// all models, each begun when no request runs.
/// </summary>
/// <param name="prepares">Whether it does so.</param>
/// <param name="measuresFast">Whether the int8 form is made and measured after them.</param>
/// <param name="scheduler">Tells when no request runs.</param>
/// <param name="memory">What is made only because it may be needed drives no model out of memory.</param>
/// <param name="limits">How long a form may take.</param>
/// <param name="closing">Ends it.</param>
internal sealed class FormPreparation(
    bool prepares,
    bool measuresFast,
    Scheduler scheduler,
    MemoryLimit memory,
    TimeLimits limits,
    CancellationToken closing
)
{
    /// <summary>A form's part of what a model takes, at most: weights and packed matrices are there already.</summary>
    private const int FormParts = 4;

    private readonly Lock gate = new();
    private Task last = Task.CompletedTask;

    /// <summary>Begins with a model that was loaded, after those before it.</summary>
    public void Begin(LoadedModel model)
    {
        lock (gate)
        {
            last = AfterAsync(last, model);
        }
    }

    private Task AfterAsync(Task before, LoadedModel model) =>
        Task.Run(
            async () =>
            {
                await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (prepares)
                {
                    await PrepareAsync(model).ConfigureAwait(false);
                }

                model.Prepared();
                if (measuresFast && !model.IsRetired)
                {
                    await model.MeasureFastAsync().ConfigureAwait(false);
                }
            },
            closing
        );

    private async Task PrepareAsync(LoadedModel model)
    {
        foreach (var make in model.ExpectedForms())
        {
            await scheduler.IdleAsync(closing).ConfigureAwait(false);
            using var hold = model.TryHold();
            if (hold is null || memory.IsExceededBy(model.LoadedBytes / FormParts))
            {
                return;
            }

            // What a model does not allow, or memory is short for, is told to whoever asks for it.
            // One that has no end holds neither the model nor those that wait behind it.
            await make().WaitAsync(limits.Load, limits.Time, closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
