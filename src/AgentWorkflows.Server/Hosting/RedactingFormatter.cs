using AgentWorkflows.Screening;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace AgentWorkflows.Server.Hosting;

/// <summary>Writes as another formatter does, without secrets and without what names a person.</summary>
internal sealed class RedactingFormatter(ConsoleFormatter inner) : ConsoleFormatter(inner.Name)
{
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        using var buffer = new StringWriter();
        inner.Write(logEntry, scopeProvider, buffer);
        textWriter.Write(Redaction.LogText(buffer.ToString()));
    }

    /// <summary>Puts itself around every formatter there is.</summary>
    public static void Wrap(IServiceCollection services)
    {
        foreach (var formatter in services.Where(service => service.ServiceType == typeof(ConsoleFormatter) && service.ImplementationType is not null).ToList())
        {
            services.Remove(formatter);
            services.AddSingleton<ConsoleFormatter>(provider =>
                new RedactingFormatter((ConsoleFormatter)ActivatorUtilities.CreateInstance(provider, formatter.ImplementationType!)));
        }
    }
}
