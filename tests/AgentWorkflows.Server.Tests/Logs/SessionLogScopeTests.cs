using System.Collections.Concurrent;
using AgentWorkflows.Server.Tests.Sessions;
using AgentWorkflows.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AgentWorkflows.Server.Tests.Logs;

public sealed class SessionLogScopeTests
{
    [Fact(Timeout = 60_000)]
    public async Task What_a_step_logs_carries_the_sessions_id()
    {
        using var logs = new ScopedLogs();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(logs));
        await using var world = await SessionWorld.StartAsync(
            ScriptedChatModel.ByTurn(ModelWorld.Lookup(), ModelWorld.Answer()),
            all => new ReplacedTool(all, "get_order", (_, _) => throw new InvalidOperationException("broken")),
            services => services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(factory)));

        var id = await world.StartSessionAsync("Where is order 1042?");
        await world.EndOfAsync(id);

        var thrown = Assert.Single(logs.Entries, entry => entry.Id.Id == 2001);
        Assert.Contains(new KeyValuePair<string, object?>("SessionId", id), thrown.Scope);
        Assert.Contains(new KeyValuePair<string, object?>("Step", "session.act"), thrown.Scope);
    }

    private sealed class ScopedLogs : ILoggerProvider, ISupportExternalScope, ILogger
    {
        private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

        public ConcurrentQueue<(EventId Id, IReadOnlyList<KeyValuePair<string, object?>> Scope)> Entries { get; } = new();

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = new List<KeyValuePair<string, object?>>();
            _scopes.ForEachScope((scope, found) => found.AddRange(scope as IEnumerable<KeyValuePair<string, object?>> ?? []), values);
            Entries.Enqueue((eventId, values));
        }

        public void Dispose()
        {
        }
    }
}
