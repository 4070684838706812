using System.Net.Sockets;

namespace AgentWorkflows.WorkerProtocol;

/// <summary>A worker opens its HTTP port beside the stream, and may have told all its functions before; the platform's front tries again, too.</summary>
internal static class WorkerHttp
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task ListensAsync(Uri address, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(address.Host, address.Port, cancellationToken);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }
}
