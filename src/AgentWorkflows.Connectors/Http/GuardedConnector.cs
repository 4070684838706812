using System.Net;
using System.Net.Sockets;

namespace AgentWorkflows.Connectors.Http;

/// <summary>Looks names up. A seam: what a name leads to is somebody else's to change, between two looks too.</summary>
internal interface IHostResolver
{
    /// <exception cref="SocketException">There is no such name.</exception>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}

internal sealed class SystemResolver : IHostResolver
{
    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => Dns.GetHostAddressesAsync(host, cancellationToken);
}

/// <summary>
/// Makes connections, to addresses that passed the floor: a name is looked up once, and the connection is made to exactly what was checked, so that a second answer for
/// the same name changes nothing. Thread-safe.
/// </summary>
internal sealed class GuardedConnector(TargetRule rule, IHostResolver resolver)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await resolver.ResolveAsync(host, cancellationToken);
        // All of them: a name that leads to the internet and into the own network at once is nobody's honest name.
        if (addresses.Select(address => rule.Refusal(host, port, address)).FirstOrDefault(refusal => refusal is not null) is { } refusal)
        {
            throw new AddressRefusedException(refusal);
        }
        return new NetworkStream(await ConnectAsync(addresses, host, port, cancellationToken), ownsSocket: true);
    }

    private static async Task<Socket> ConnectAsync(IPAddress[] addresses, string host, int port, CancellationToken cancellationToken)
    {
        SocketException? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, port, cancellationToken);
                return socket;
            }
            catch (SocketException exception)
            {
                socket.Dispose();
                last = exception;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        throw last ?? new SocketException((int)SocketError.HostNotFound, $"{host} has no address.");
    }
}

/// <summary>The floor refused an address. The message is for people, without a full stop.</summary>
internal sealed class AddressRefusedException(string message) : Exception(message);
