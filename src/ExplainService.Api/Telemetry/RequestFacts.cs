using ExplainService.Api.Access;
using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Problems;
using ExplainService.Runtime;

namespace ExplainService.Api.Telemetry;

/// <summary>What the log line of a request says beside HTTP: names and counts, never text.</summary>
internal sealed class RequestFacts
{
    /// <summary>The most lines of a stream that are named as failed.</summary>
    private const int MaxNumbers = 20;

    private readonly List<int> failedNumbers = [];
    private long lines;
    private long failedLines;

    /// <summary>Whether it is nobody's request, and so in no metric.</summary>
    public bool IsRehearsal { get; init; }

    /// <summary>Who asks; null: whoever reaches the port may.</summary>
    public Caller? Caller { get; private set; }

    /// <summary>Finds the request in the log; null of nobody's request.</summary>
    public string? TraceId { get; set; }

    /// <summary>The model that answered, or that is managed: a folder's name, never what a client made up.</summary>
    public string? Model { get; private set; }

    /// <summary>The method that answered.</summary>
    public string? Method { get; private set; }

    /// <summary>What all explanations of the request cost.</summary>
    public WorkMeter Meter { get; private set; } = new();

    /// <summary>Whose share of the memory it has; null: nobody's, as nobody says who they are.</summary>
    public WorkAccount? Account => Caller is null ? null : Meter.Account;

    /// <summary>Lines of a stream that were answered.</summary>
    public long Lines => Interlocked.Read(ref lines);

    /// <summary>Those that were answered with a problem.</summary>
    public long FailedLines => Interlocked.Read(ref failedLines);

    /// <summary>Lines that failed, the first to do so, by their numbers in the stream.</summary>
    public string? FailedNumbers
    {
        get
        {
            lock (failedNumbers)
            {
                return failedNumbers.Count == 0 ? null : string.Join(',', failedNumbers.Order());
            }
        }
    }

    /// <summary>The kind of the problem that was answered.</summary>
    public string? Problem { get; private set; }

    /// <summary>The fields at fault, by names that the service itself knows.</summary>
    public string? Fields { get; private set; }

    /// <summary>The facts of a request.</summary>
    public static RequestFacts Of(HttpContext context)
    {
        if (context.Features.Get<RequestFacts>() is not { } facts)
        {
            context.Features.Set(facts = new RequestFacts());
        }

        return facts;
    }

    /// <summary>Notes who asks, before there is anything to count.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="account">What the costs of all their requests are counted on.</param>
    public void AskedBy(Caller caller, WorkAccount account) => (Caller, Meter) = (caller, new WorkMeter(account: account));

    /// <summary>Notes who answered.</summary>
    public void Answered(Explanation explanation) => (Model, Method) = (explanation.Model, explanation.Method);

    /// <summary>Notes which model is managed.</summary>
    public void Manages(ModelEntry entry) => Model = entry.Name;

    /// <summary>Notes what a request was refused for.</summary>
    public void Refused(Problem problem) => (Problem, Fields) = (KnownFields.KindOf(problem), KnownFields.Of(problem));

    /// <summary>Counts a line of a stream.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="failed">Whether it was answered with a problem.</param>
    public void CountLine(int number, bool failed)
    {
        Interlocked.Increment(ref lines);
        if (!failed)
        {
            return;
        }

        Interlocked.Increment(ref failedLines);
        lock (failedNumbers)
        {
            if (failedNumbers.Count < MaxNumbers)
            {
                failedNumbers.Add(number);
            }
        }
    }
}
