using System.Collections.Concurrent;
using System.Globalization;
using ExplainService.Testing;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace ExplainService.Api.Tests.Fakes;

/// <summary>Keeps every line that the service writes to its log, as it is written.</summary>
internal sealed class CapturedLogs : ILogEventSink
{
    private readonly ConcurrentQueue<string> lines = new();
    private readonly RenderedCompactJsonFormatter formatter = new();

    public IEnumerable<string> Lines => lines;

    /// <summary>Waits for a line that holds every part, as what runs beside requests writes it in its own time.</summary>
    public async Task<string> WaitForAsync(params string[] parts)
    {
        string? found = null;
        await Patience.UntilAsync(
            () =>
                Task.FromResult(
                    (found = lines.FirstOrDefault(line => Array.TrueForAll(parts, part => line.Contains(part, StringComparison.Ordinal))))
                        is not null
                ),
            () => $"no line holds {string.Join(" and ", parts)}:\n{string.Join("", lines)}"
        );
        return found!;
    }

    public void Emit(LogEvent logEvent)
    {
        using var line = new StringWriter(CultureInfo.InvariantCulture);
        formatter.Format(logEvent, line);
        lines.Enqueue(line.ToString());
    }
}
