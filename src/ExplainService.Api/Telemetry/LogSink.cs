using System.Globalization;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace ExplainService.Api.Telemetry;

/// <summary>An event a line of compact JSON.</summary>
internal sealed class LogSink(LogLines lines) : ILogEventSink
{
    private readonly RenderedCompactJsonFormatter formatter = new();

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        using var line = new StringWriter(CultureInfo.InvariantCulture);
        formatter.Format(logEvent, line);
        lines.Add(line.ToString());
    }
}
