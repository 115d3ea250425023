using System.Runtime.ExceptionServices;
using ExplainService.Api.Limits;
using ExplainService.Api.Pipeline;
using ExplainService.Api.Telemetry;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Predictions;
using ExplainService.Runtime;

namespace ExplainService.Api.Adapters;

/// <summary>What one request of a peer has computed; it holds what its answers take until they have been sent.</summary>
internal sealed class PeerWork(ExplanationRunner runner, WorkMemory memory, RequestFacts facts, RequestClock clock, int window)
    : IDisposable
{
    /// <summary>Of a token, a unit, or one of the likeliest tokens: its record and texts, here and again in the protocol's form.</summary>
    private const long OfEntry = 200;

    private readonly MemoryShare whole = memory.Open(facts.Account);
    private readonly List<MemoryShare> parts = [];

    /// <summary>The request's share of the memory for requests in work, held to the end.</summary>
    public MemoryShare Hold() => whole;

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
        var turns = new Turns(requests.Count);
        await Parallel
            .ForEachAsync(
                Enumerable.Range(0, requests.Count),
                new ParallelOptions { MaxDegreeOfParallelism = window },
                async (index, _) =>
                {
                    try
                    {
                        if (Volatile.Read(ref hasFailed))
                        {
                            return;
                        }

                        answers[index] = await RunAsync(requests[index], requests.Count > 1 ? turns.Of(index) : null).ConfigureAwait(false);
                    }
                    catch (Exception failure)
                    {
                        failures[index] = failure;
                        Volatile.Write(ref hasFailed, true);
                    }
                    finally
                    {
                        turns.Done(index);
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
    public void Dispose()
    {
        lock (parts)
        {
            parts.ForEach(part => part.Dispose());
        }

        whole.Dispose();
    }

    private async Task<Explanation> RunAsync(NativeRequest request, Task? turn)
    {
        try
        {
            // One text holds what it needs as a native request does; of several each gives back all but its answer.
            return turn is null
                ? await runner.RunAsync(request.Request, WorkPriority.Interactive, facts, whole, clock).ConfigureAwait(false)
                : await RunPartAsync(request, turn).ConfigureAwait(false);
        }
        catch (InvalidRequestException refused) when (request.Where.Length > 0 && refused.Errors.Count > 0)
        {
            throw refused.Inside(request.Where);
        }
    }

    private async Task<Explanation> RunPartAsync(NativeRequest request, Task turn)
    {
        var part = whole.OpenPart(turn);
        lock (parts)
        {
            parts.Add(part);
        }

        try
        {
            await part.TakeAsync(WorkBytes.Of(0), clock.ClientLeft).ConfigureAwait(false);
            var answer = await runner.RunAsync(request.Request, WorkPriority.Batch, facts, part, clock).ConfigureAwait(false);
            await part.KeepAsync(BytesOf(answer), clock.ClientLeft).ConfigureAwait(false);
            return answer;
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    /// <summary>About what an answer takes until it has been sent.</summary>
    private static long BytesOf(Explanation answer)
    {
        var units = (answer as UnitExplanation)?.Units.Count ?? 0;
        var likeliest = (answer as PredictAnswer)?.TokenProbabilities?.Sum(static token => 1L + token.Likeliest.Count) ?? 0;
        var scores = (answer as UnitExplanation)?.Labels?.Sum(static label => (long)label.Scores.Length) ?? 0;
        return (OfEntry * (1 + answer.Tokens.Count + units + (answer.Generated?.Count ?? 0) + likeliest)) + (sizeof(double) * scores);
    }

    /// <summary>Whose turn it is: a text's, once all before it are done.</summary>
    private sealed class Turns
    {
        private readonly TaskCompletionSource[] turns;
        private readonly bool[] done;
        private int first;

        public Turns(int count)
        {
            done = new bool[count];
            turns = [.. done.Select(static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
            turns.FirstOrDefault()?.SetResult();
        }

        public Task Of(int index) => turns[index].Task;

        public void Done(int index)
        {
            lock (done)
            {
                for (done[index] = true; first < done.Length && done[first]; )
                {
                    if (++first < done.Length)
                    {
                        turns[first].SetResult();
                    }
                }
            }
        }
    }
}
