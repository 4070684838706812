using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AgentWorkflows.Azure.Tests;

/// <summary>The storage emulator's table service: one process for all tests of this assembly, on a free port of the loopback, with its data in memory.</summary>
internal sealed class Azurite : IDisposable
{
    private const int MaxStarts = 3;

    // The emulator's well-known account; not a secret.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly Lazy<Task<Azurite>> Shared = new(StartAsync);

    private readonly Process _process;
    private int _disposed;

    private Azurite(Process process, int port)
    {
        _process = process;
        ConnectionString = $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};TableEndpoint=http://127.0.0.1:{port}/{Account};";
    }

    public string ConnectionString { get; }

    /// <summary>Why there is no emulator; null when there is one.</summary>
    public static string? MissingReason { get; } =
        Program is not null && NodeIsInstalled
            ? null
            : "The storage emulator Azurite is not installed: install Node.js 20 or newer with npm, then run 'npm ci --ignore-scripts' in the folder tools.";

    public static Task<Azurite> GetAsync() => Shared.Value;

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
                var program = Path.Combine(folder, "tools", "node_modules", "azurite", "dist", "src", "table", "main.js");
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
            // Somebody may take the port before the emulator does.
            var port = FreePort();
            var process = Process.Start(new ProcessStartInfo("node")
            {
                ArgumentList = { program, "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--tableHost", "127.0.0.1", "--tablePort", $"{port}" },
                RedirectStandardOutput = true,
            }) ?? throw new InvalidOperationException("'node' did not start.");
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop();
            if (await SaysThatItStartedAsync(process))
            {
                return new Azurite(process, port);
            }
            process.Dispose();
            if (start == MaxStarts)
            {
                throw new InvalidOperationException($"Azurite ended {MaxStarts} times before it listened.");
            }
        }
    }

    private static async Task<bool> SaysThatItStartedAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("successfully started", StringComparison.OrdinalIgnoreCase))
            {
                // Its access log has to be read, or it would stop when the pipe is full.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return true;
            }
        }
        return false;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
