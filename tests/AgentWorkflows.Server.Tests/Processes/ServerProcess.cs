using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Xunit;

namespace AgentWorkflows.Server.Tests.Processes;

/// <summary>The shipped program in a process of its own, to be killed like any other.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);
    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private ServerProcess(Process process, Uri address)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = address };
    }

    public HttpClient Http { get; }

    /// <param name="environment">Faults for the sample tools, as <c>NAME=VALUE</c>.</param>
    public static async Task<ServerProcess> StartAsync(string data, params string[] environment)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}/");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = data };
        foreach (var argument in (string[])[typeof(OrderDesk.OrderDeskTools).Assembly.Location, "serve", "--data", data, "--urls", address.ToString(),
            "--agents", Path.Combine(AppContext.BaseDirectory, "agents")])
        {
            start.ArgumentList.Add(argument);
        }
        foreach (var variable in environment)
        {
            var separator = variable.IndexOf('=', StringComparison.Ordinal);
            start.Environment[variable[..separator]] = variable[(separator + 1)..];
        }
        var server = new ServerProcess(Process.Start(start)!, address);
        server.Listen();
        await server.UntilAsync("the server is ready", async () => await server.IsReadyAsync());
        return server;
    }

    /// <summary>Whether the process has an assembly in memory whose name begins so.</summary>
    public bool HasLoaded(string assembly) => _process.Modules.Cast<ProcessModule>().Any(module => module.ModuleName.StartsWith(assembly, StringComparison.Ordinal))
        || File.ReadLines($"/proc/{_process.Id}/maps").Any(line => Path.GetFileName(line).StartsWith(assembly, StringComparison.Ordinal));

    /// <summary>SIGKILL: nothing in the process runs any more, no handler, no flush.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as a service manager stops it.</summary>
    /// <returns>The exit code, and all it said.</returns>
    public async Task<(int ExitCode, string Log)> StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return (_process.ExitCode, Log());
    }

    public async Task StartSessionAsync(string id, string goal)
    {
        var response = await Http.PostAsJsonAsync("api/sessions", new
        {
            agent = "order-desk",
            goal,
            context = new { project_id = "demo", user_id = "u-1", budget_limit = 1.0, task_priority = "normal" },
            taskType = "refund",
            sessionId = id,
        });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    public Task<JsonElement> GetAsync(string path) => Http.GetFromJsonAsync<JsonElement>(path);

    /// <summary>Approves the next request for a tool as soon as it is there.</summary>
    public async Task ApproveAsync(string id, string tool)
    {
        JsonElement approval = default;
        await UntilAsync($"{tool} waits for a decision", async () =>
        {
            var session = await GetAsync($"api/sessions/{id}");
            approval = session.GetProperty("pendingApprovals").EnumerateArray().FirstOrDefault(pending => pending.GetProperty("tool").GetString() == tool);
            return approval.ValueKind == JsonValueKind.Object;
        });
        var response = await Http.PostAsJsonAsync($"api/approvals/{approval.GetProperty("id").GetString()}/decision", new
        {
            decision = "approve",
            argumentsHash = approval.GetProperty("argumentsHash").GetString(),
            approver = "bo",
        });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    public async Task<JsonElement> EndOfAsync(string id, string expectedStatus)
    {
        JsonElement session = default;
        await UntilAsync($"session {id} is {expectedStatus}", async () =>
        {
            session = await GetAsync($"api/sessions/{id}");
            return session.GetProperty("status").GetString() == expectedStatus;
        });
        return session;
    }

    /// <summary>Another process cannot signal a test, so this looks again and again, for a bounded time.</summary>
    public async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"Waited in vain until {what}. The server said:\n{Log()}");
            }
            await Task.Delay(Glance);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
        {
            await KillAsync();
        }
        _process.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            return (await Http.GetAsync(new Uri("health/ready", UriKind.Relative))).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Listen()
    {
        void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (_log)
            {
                _log.AppendLine(line.Data);
            }
        }
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private string Log()
    {
        lock (_log)
        {
            return _log.ToString();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
