using ExplainService.Runtime.Folders;
using ExplainService.Runtime.Scheduling;
using ExplainService.Runtime.Sessions;

namespace ExplainService.Runtime.Execution;

/// <summary>Runs a form for the first time, and finds out how many tokens its batches should have.</summary>
/// <param name="options">The processors, or the device; a budget, where one is configured.</param>
/// <param name="limits">The longest row.</param>
/// <param name="examples">Rows to run.</param>
/// <param name="device">What is measured has it for itself.</param>
/// <param name="time">The clock.</param>
internal sealed class WarmUp(RuntimeOptions options, ModelLimits limits, ExampleRows examples, DeviceGate device, TimeProvider time)
{
    /// <summary>
    /// What looks inside a model keeps much of every token in memory and runs in smaller batches: attention forms hand out heads × n² numbers a layer, and a
    /// gradient form holds what the way back reads.
    /// </summary>
    internal const int MaxInside = 512;

    /// <summary>Two cores are at 99 % of their best rate by 512 tokens; other devices take more at once.</summary>
    private const int MaxPerCore = 256;
    private const int MaxForward = 4096;
    private const int DeviceFactor = 16;

    /// <summary>A form whose answer is a few numbers a row.</summary>
    public void Forward(Workload<TokenRow, Logits> workload, BatchCompatibility compatibility) =>
        LikeForward(workload, static row => row, compatibility);

    /// <summary>A form that computes much of every token and hands out little.</summary>
    public void Gradient(
        Workload<GradientRow, GradientResult> workload,
        Func<TokenRow, GradientRow> row,
        BatchCompatibility compatibility
    ) => Run(workload, (number, length) => row(examples.Row(number, length)), OnDevice(MaxInside), compatibility);

    /// <summary>A form that computes what the forward form does, from rows of another kind.</summary>
    public void LikeForward<TRow>(Workload<TRow, Logits> workload, Func<TokenRow, TRow> row, BatchCompatibility compatibility)
        where TRow : class =>
        Run(
            workload,
            (number, length) => row(examples.Row(number, length)),
            OnDevice(Math.Clamp(MaxPerCore * options.EffectiveThreads, MaxInside, MaxForward)),
            compatibility
        );

    /// <summary>
    /// A form that hands out what it computes of every token: a device has to send it over, so that no budget is larger there.
    /// </summary>
    public void Tap<TResult>(Workload<TokenRow, TResult> workload, BatchCompatibility compatibility)
        where TResult : class
    {
        Run(workload, examples.Row, MaxInside, compatibility);
        workload.TokenBudget = Math.Min(workload.TokenBudget, MaxInside);
    }

    /// <summary>A budget of one token is used up by any row.</summary>
    private void Run<TRow, TResult>(
        Workload<TRow, TResult> workload,
        Func<int, int, TRow> example,
        int largest,
        BatchCompatibility compatibility
    )
        where TRow : class
        where TResult : class =>
        BudgetProbe.Run(
            workload,
            example,
            limits,
            largest,
            compatibility == BatchCompatibility.Alone ? 1 : options.TokenBudget,
            device,
            time
        );

    private int OnDevice(int onProcessor) => ExecutionProvider.IsCpu(options) ? onProcessor : onProcessor * DeviceFactor;
}
