using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AgentWorkflows.TestSupport;
using Xunit;

namespace AgentWorkflows.Server.Tests.Approvals;

/// <summary>The npm package smtp-server in a process of its own.</summary>
internal sealed class NodeMailServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Process _process;

    private NodeMailServer(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Why it cannot run here; <c>null</c> when it can.</summary>
    public static string? Missing { get; } = Find();

    /// <param name="login">True: it takes mail only from the user <c>agents</c>.</param>
    public static async Task<NodeMailServer> StartAsync(bool login = false)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(Tools(), "smtp-sink.cjs"));
        start.ArgumentList.Add(login ? "login" : "open");
        var process = Process.Start(start)!;
        var port = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        return new NodeMailServer(process, int.Parse(port!, CultureInfo.InvariantCulture));
    }

    public async Task<(string To, string Message)> NextAsync()
    {
        var mail = JsonElement.Parse((await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience))!);
        return (mail.GetProperty("to")[0].GetString()!, mail.GetProperty("message").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string? Find()
    {
        var paths = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        var node = paths.Any(path => File.Exists(Path.Combine(path, "node")) || File.Exists(Path.Combine(path, "node.exe")));
        return node && Directory.Exists(Path.Combine(Tools(), "node_modules", "smtp-server"))
            ? null
            : "The mail server smtp-server is not installed: install Node.js 20 or newer with npm, then run 'npm ci --ignore-scripts' in the folder tools.";
    }

    private static string Tools() => Path.Combine(Repository.Root, "tools");
}

/// <summary>A test with a real mail server; skipped, with the reason, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MailFactAttribute : FactAttribute
{
    public MailFactAttribute()
    {
        Timeout = 60_000;
        Skip = NodeMailServer.Missing;
    }
}
