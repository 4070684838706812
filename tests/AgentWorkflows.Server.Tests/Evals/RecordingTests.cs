using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AgentWorkflows.Connectors;
using Microsoft.Extensions.AI;
using Xunit;

namespace AgentWorkflows.Server.Tests.Evals;

public sealed class RecordingTests
{
    private const int Timeout = 180_000;

    /// <summary>The program's model is behind a socket of the test's: whoever asks it connects there.</summary>
    [Fact(Timeout = Timeout)]
    public async Task A_recorded_session_costs_nothing_asks_nobody_and_fails_with_the_difference_when_an_argument_changes()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        var address = (IPEndPoint)socket.LocalEndpoint;
        using var shell = new EvalShell("cases: []") { Configure = builder => builder.AddChatClient("far", _ => new SocketClient(address)) };
        using (var recorder = new EvalShell())
        {
            await recorder.RunAsync("run", "Refund order 1042, it arrived broken, and tell the customer", "--approve", "auto");
            var session = JsonElement.Parse((await recorder.RunAsync("sessions", "--json")).Output.Split('\n')[0]).GetProperty("id").GetString()!;
            var file = Path.Combine(shell.Agents, "order-desk", "evals", "cases.yaml");
            var written = await recorder.RunAsync("eval", "record", session, "--name", "again", "--out", file);
            Assert.True(written.ExitCode == 0, written.Error);
            await File.AppendAllTextAsync(Path.Combine(shell.Agents, "prices.yaml"), "  far: {input: 1, output: 1}\n");

            var ran = await shell.RunAsync("eval", "--recorded-model", "--json");

            Assert.True(ran.ExitCode == 0, ran.Output + ran.Error);
            Assert.Equal(0, JsonElement.Parse(ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]).GetProperty("costMicros").GetInt64());
            Assert.False(socket.Pending(), "Somebody connected to the model.");

            var text = await File.ReadAllTextAsync(file);
            var plans = text.IndexOf("      answers:", StringComparison.Ordinal);
            await File.WriteAllTextAsync(file, text[..plans] + text[plans..].Replace("1042", "1043", StringComparison.Ordinal));
            var changed = await shell.RunAsync("eval", "--recorded-model", "--json");
            Assert.Equal(1, changed.ExitCode);
            Assert.Contains("The record has no such call of get_order. The nearest differs in order_id: recorded 1042, asked 1043.", changed.Output.Replace("\\u0022", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.False(socket.Pending(), "Somebody connected to the model.");
        }

        var asked = await shell.RunAsync("eval", "--json");
        Assert.Equal(4, asked.ExitCode);
        Assert.True(socket.Pending(), "The model of the program would have been seen at the socket.");
    }

    [Fact(Timeout = Timeout)]
    public async Task Only_what_is_there_and_has_ended_can_be_recorded()
    {
        using var shell = new EvalShell();
        await shell.RunAsync("run", "Refund order 1042");
        var session = JsonElement.Parse((await shell.RunAsync("sessions", "--json")).Output.Split('\n')[0]).GetProperty("id").GetString()!;

        Assert.Contains("has not ended: it is awaiting_approval", (await shell.RunAsync("eval", "record", session)).Error, StringComparison.Ordinal);
        Assert.Contains("There is no session 's-none' here", (await shell.RunAsync("eval", "record", "s-none")).Error, StringComparison.Ordinal);
    }

    /// <summary>Connects, and gets no answer.</summary>
    private sealed class SocketClient(IPEndPoint address) : IChatClient
    {
        public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address, cancellationToken);
            throw new HttpRequestException("The connection was closed.", null, HttpStatusCode.Unauthorized);
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
