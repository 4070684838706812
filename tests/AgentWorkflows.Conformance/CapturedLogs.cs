using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Conformance;

/// <summary>Keeps every message that was written, from any logger.</summary>
public sealed class CapturedLogs : ILoggerFactory
{
    private readonly ConcurrentQueue<string> _messages = new();

    public int Count(string message) => _messages.Count(written => written == message);

    public ILogger CreateLogger(string categoryName) => new Writer(_messages);

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    private sealed class Writer(ConcurrentQueue<string> messages) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            messages.Enqueue(formatter(state, exception));
    }
}
