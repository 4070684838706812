using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace AgentWorkflows.DurableHost.Tests.Apps;

/// <summary>A running host of the published app: a process with the official engine, and the worker it has started.</summary>
internal sealed class AppHost : IAsyncDisposable
{
    private const int Sigterm = 15;

    private readonly Process _process;
    private readonly Channel<int> _workers = Channel.CreateUnbounded<int>();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _log = new();

    private AppHost(Process process) => _process = process;

    public Uri Address { get; private set; } = null!;

    public int WorkerId { get; private set; }

    public IReadOnlyList<string> Log => [.. _log];

    /// <summary>Returns when requests are served.</summary>
    public static async Task<AppHost> StartAsync(HostedApp app)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "AgentWorkflows.DurableHost.dll");
        var start = new ProcessStartInfo("dotnet", [program, app.Folder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in app.Settings)
        {
            start.Environment[name] = value;
        }
        var host = new AppHost(Process.Start(start) ?? throw new InvalidOperationException("The host did not start."));
        host._process.OutputDataReceived += (_, line) => host.Read(line.Data);
        host._process.ErrorDataReceived += (_, line) => host.Read(line.Data);
        host._process.BeginOutputReadLine();
        host._process.BeginErrorReadLine();
        if (await Task.WhenAny(host._address.Task, host._process.WaitForExitAsync()) != host._address.Task)
        {
            throw new InvalidOperationException(
                $"The host ended with {host._process.ExitCode}:{Environment.NewLine}{string.Join(Environment.NewLine, host.Log)}");
        }
        host.Address = await host._address.Task;
        host.WorkerId = await host._workers.Reader.ReadAsync();
        return host;
    }

    /// <summary><c>kill -9</c> of the worker; returns when the host has started the next one.</summary>
    public async Task KillWorkerAsync()
    {
        using var worker = Process.GetProcessById(WorkerId);
        worker.Kill();
        WorkerId = await _workers.Reader.ReadAsync();
    }

    /// <summary>
    /// <c>kill -9</c> of the host. Its worker does not end with it, but nobody asks it for anything any more; it is left for a while,
    /// as on a machine that is cut off.
    /// </summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>The platform's way to end a host.</summary>
    public async Task StopAsync()
    {
        _ = Signal(_process.Id, Sigterm);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        else if (Process.GetProcesses().FirstOrDefault(process => process.Id == WorkerId) is { } left)
        {
            left.Kill();
        }
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }
        _log.Enqueue(line);
        switch (line.Split(' '))
        {
            case ["host", var address]:
                _address.TrySetResult(new Uri(address));
                break;
            case ["worker", var id, "is", "ready"]:
                _workers.Writer.TryWrite(int.Parse(id, CultureInfo.InvariantCulture));
                break;
            default:
                break;
        }
    }
}
