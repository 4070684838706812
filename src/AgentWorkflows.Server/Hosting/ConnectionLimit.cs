using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace AgentWorkflows.Server.Hosting;

/// <summary>
/// No client holds more than a part of the connections there are: one that opens all it can, and sends nothing, locks nobody else out. A proxy stands for many clients
/// and is not counted. Thread-safe.
/// </summary>
internal sealed class ConnectionLimit(IOptions<WebSettings> settings)
{
    /// <summary>In all.</summary>
    public const int Total = 1000;

    /// <summary>From one address.</summary>
    public const int OfOneClient = 250;

    private readonly ConcurrentDictionary<IPAddress, int> _open = new();

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<ConnectionLimit>();
        services.AddOptions<KestrelServerOptions>().Configure<IServiceProvider>((kestrel, provider) =>
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection => provider.GetRequiredService<ConnectionLimit>().RunAsync(connection, next))));
    }

    private async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if ((connection.RemoteEndPoint as IPEndPoint)?.Address is not { } client || settings.Value.Proxies.Any(proxy => proxy.Contains(client)))
        {
            await next(connection);
            return;
        }
        try
        {
            if (_open.AddOrUpdate(client, 1, (_, open) => open + 1) > OfOneClient)
            {
                connection.Abort(new ConnectionAbortedException("This client has too many connections."));
                return;
            }
            await next(connection);
        }
        finally
        {
            if (_open.AddOrUpdate(client, 0, (_, open) => open - 1) == 0)
            {
                _open.TryRemove(KeyValuePair.Create(client, 0));
            }
        }
    }
}
