using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ExplainService.Api.Tests.Fakes;

/// <summary>Keeps every event of every category at every level, rendered with its exception.</summary>
internal sealed class CapturedLogs : ILoggerProvider
{
    private readonly ConcurrentQueue<(string Category, string Text)> events = new();

    public IEnumerable<(string Category, string Text)> Events => events;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(CapturedLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            logs.events.Enqueue((category, formatter(state, exception) + exception));
    }
}
