namespace ExplainService.Runtime.Scheduling;

/// <summary>
/// Who may run beside the batch that runs. A batch takes up to a quarter of a second, many times what a prediction does, and nothing stops it
/// half-way: a prediction of somebody who has nothing on the device goes beside it, and both have half of the cores. Only short work of others
/// does so, one batch at a time, and all that waits of it together. Guarded by the scheduler's lock.
/// </summary>
internal sealed class ShortLane
{
    /// <summary>What is no longer short, as a part of a full batch.</summary>
    private const double Longest = 0.5;

    private readonly List<(Batch Batch, bool IsShort, HashSet<WorkAccount> Accounts)> running = [];

    /// <summary>The device is taken: a batch runs, of one worker or another.</summary>
    public bool IsBeside => running.Count > 0;

    /// <summary>A batch begins; what runs beside a short one has a part of the cores.</summary>
    public void Enter(Batch batch, bool isShort)
    {
        running.Add((batch, isShort, [.. batch.Items.SelectMany(item => item.Waiting).Select(AccountOf)]));
        if (running.Exists(one => one.IsShort))
        {
            running.ForEach(one => one.Batch.IsSlowed = true);
        }
    }

    /// <summary>It has ended.</summary>
    public void Leave(Batch batch) => running.RemoveAll(one => one.Batch == batch);

    /// <summary>Somebody waits for an answer that takes little, and has nothing on the device.</summary>
    public bool MayGo(WorkRequest request) =>
        request.Work.Priority == WorkPriority.Interactive
        && request.WantedTokens <= request.Workload.TokenBudget * Longest
        && running.TrueForAll(one => !one.Accounts.Contains(AccountOf(request)));

    private static WorkAccount AccountOf(WorkRequest request) => request.Work.Meter.Account;
}
