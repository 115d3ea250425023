using System.Runtime.ExceptionServices;
using ExplainService.Api.Limits;
using ExplainService.Api.Pipeline;
using ExplainService.Api.Telemetry;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;

namespace ExplainService.Api.Adapters;

/// <summary>What one request of a peer has computed; it holds what its answers take until they have been sent.</summary>
internal sealed class PeerWork(ExplanationRunner runner, WorkMemory memory, RequestFacts facts, RequestClock clock, int window)
    : IDisposable
{
    private readonly List<MemoryShare> shares = [];

    /// <summary>Opens a share of the memory for requests in work, held to the end.</summary>
    public MemoryShare Hold()
    {
        var share = memory.Open(facts.Account);
        lock (shares)
        {
            shares.Add(share);
        }

        return share;
    }

    /// <summary>The answer to one request.</summary>
    public async Task<Explanation> AskAsync(NativeRequest request) => (await AskAsync([request]).ConfigureAwait(false))[0];

    /// <summary>
    /// The answers to several, all or none. They are worked on a window at a time, as lines of a stream are, so that their rows share batches;
    /// where some are refused the first of them says why.
    /// </summary>
    public async Task<IReadOnlyList<Explanation>> AskAsync(IReadOnlyList<NativeRequest> requests)
    {
        var answers = new Explanation[requests.Count];
        var failures = new Exception?[requests.Count];
        var hasFailed = false;
        await Parallel
            .ForEachAsync(
                Enumerable.Range(0, requests.Count),
                new ParallelOptions { MaxDegreeOfParallelism = window },
                async (index, _) =>
                {
                    if (Volatile.Read(ref hasFailed))
                    {
                        return;
                    }

                    try
                    {
                        answers[index] = await RunAsync(requests[index], requests.Count).ConfigureAwait(false);
                    }
                    catch (Exception failure)
                    {
                        failures[index] = failure;
                        Volatile.Write(ref hasFailed, true);
                    }
                }
            )
            .ConfigureAwait(false);
        if (Array.Find(failures, failure => failure is not null) is { } first)
        {
            ExceptionDispatchInfo.Throw(first);
        }

        return answers;
    }

    /// <inheritdoc/>
    public void Dispose() => shares.ForEach(share => share.Dispose());

    private async Task<Explanation> RunAsync(NativeRequest request, int count)
    {
        try
        {
            // What it takes while it is worked on; the answers are weighed with the body that asks for them.
            using var share = memory.Open(facts.Account);
            await share.TakeAsync(WorkBytes.Of(0), clock.ClientLeft).ConfigureAwait(false);
            var priority = count == 1 ? WorkPriority.Interactive : WorkPriority.Batch;
            return await runner.RunAsync(request.Request, priority, facts, share, clock).ConfigureAwait(false);
        }
        catch (InvalidRequestException refused) when (request.Where.Length > 0 && refused.Errors.Count > 0)
        {
            throw refused.Inside(request.Where);
        }
    }
}
