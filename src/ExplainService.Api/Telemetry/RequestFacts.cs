using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Api.Telemetry;

/// <summary>What the log line of a request says beside HTTP: names and counts, never text.</summary>
internal sealed class RequestFacts
{
    private long lines;
    private long failedLines;

    /// <summary>The model that answered, or that is managed: a folder's name, never what a client made up.</summary>
    public string? Model { get; private set; }

    /// <summary>The method that answered.</summary>
    public string? Method { get; private set; }

    /// <summary>What all explanations of the request cost.</summary>
    public WorkMeter Meter { get; } = new();

    /// <summary>Lines of a stream that were answered.</summary>
    public long Lines => Interlocked.Read(ref lines);

    /// <summary>Those that were answered with a problem.</summary>
    public long FailedLines => Interlocked.Read(ref failedLines);

    /// <summary>The facts of a request.</summary>
    public static RequestFacts Of(HttpContext context)
    {
        if (context.Features.Get<RequestFacts>() is not { } facts)
        {
            context.Features.Set(facts = new RequestFacts());
        }

        return facts;
    }

    /// <summary>Notes who answered.</summary>
    public void Answered(Explanation explanation) => (Model, Method) = (explanation.Model, explanation.Method);

    /// <summary>Notes which model is managed.</summary>
    public void Manages(ModelEntry entry) => Model = entry.Name;

    /// <summary>Counts a line of a stream.</summary>
    public void CountLine(bool failed)
    {
        Interlocked.Increment(ref lines);
        if (failed)
        {
            Interlocked.Increment(ref failedLines);
        }
    }
}
