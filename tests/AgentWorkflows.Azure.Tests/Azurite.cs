using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AgentWorkflows.Azure.Tests;

/// <summary>
/// The storage emulator, its three services: one process for all tests of this assembly, on free ports of the loopback, with its data
/// in memory.
/// </summary>
internal sealed class Azurite : IDisposable
{
    private const int MaxStarts = 3;

    // The emulator's well-known account; not a secret.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly string[] Services = ["Blob", "Queue", "Table"];

    private static readonly Lazy<Task<Azurite>> Shared = new(StartAsync);

    private readonly Process _process;
    private int _disposed;

    private Azurite(Process process, int[] ports)
    {
        _process = process;
        var endpoints = Services.Zip(ports, (service, port) => $"{service}Endpoint=http://127.0.0.1:{port}/{Account};");
        ConnectionString = $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};{string.Concat(endpoints)}";
    }

    public string ConnectionString { get; }

    /// <summary>Each request that was answered, as a line: client, time, method, address, status, bytes.</summary>
    public event Action<string>? Answered;

    /// <summary>Why there is no emulator; null when there is one.</summary>
    public static string? MissingReason { get; } =
        Program is not null && NodeIsInstalled
            ? null
            : "The storage emulator Azurite is not installed: install Node.js 20 or newer with npm, then run 'npm ci --ignore-scripts' in the folder tools.";

    public static Task<Azurite> GetAsync() => Shared.Value;

    /// <summary>One that nobody else uses; the caller ends it.</summary>
    public static Task<Azurite> StartOwnAsync() => StartAsync();

    /// <summary>Ends the process, if one was started.</summary>
    public static void Stop()
    {
        if (Shared is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } started })
        {
            started.GetAwaiter().GetResult().Dispose();
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
    }

    private static bool NodeIsInstalled =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder =>
            File.Exists(Path.Combine(folder, "node")) || File.Exists(Path.Combine(folder, "node.exe")));

    private static string? Program
    {
        get
        {
            for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            {
                var program = Path.Combine(folder, "tools", "node_modules", "azurite", "dist", "src", "azurite.js");
                if (File.Exists(program))
                {
                    return program;
                }
            }
            return null;
        }
    }

    private static async Task<Azurite> StartAsync()
    {
        var program = Program ?? throw new InvalidOperationException(MissingReason);
        for (var start = 1; ; start++)
        {
            // Somebody may take a port before the emulator does.
            var ports = FreePorts(Services.Length);
            var process = Process.Start(new ProcessStartInfo(
                "node",
                [
                    program, "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry",
                    .. Services.Zip(ports).SelectMany(service => Listening(service.First.ToLowerInvariant(), service.Second)),
                ])
            {
                RedirectStandardOutput = true,
            }) ?? throw new InvalidOperationException("'node' did not start.");
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop();
            if (await SaysThatItStartedAsync(process))
            {
                var started = new Azurite(process, ports);
                // It has to be read, or the emulator would stop when the pipe is full.
                _ = started.ReadLogAsync();
                return started;
            }
            process.Dispose();
            if (start == MaxStarts)
            {
                throw new InvalidOperationException($"Azurite ended {MaxStarts} times before it listened.");
            }
        }
    }

    private async Task ReadLogAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            Answered?.Invoke(line);
        }
    }

    private static string[] Listening(string service, int port) => [$"--{service}Host", "127.0.0.1", $"--{service}Port", $"{port}"];

    private static async Task<bool> SaysThatItStartedAsync(Process process)
    {
        var listening = 0;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("successfully listening", StringComparison.OrdinalIgnoreCase) && ++listening == Services.Length)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>All at once, so that they differ.</summary>
    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
