using System.Diagnostics;
using System.Text.Json;
using AgentWorkflows.WorkerProtocol.Messages;

namespace AgentWorkflows.DurableHost.Worker;

/// <summary>
/// A published Functions app: its folder, what its worker.config.json says, and the settings its worker gets as environment variables.
/// </summary>
internal sealed record FunctionsApp(string Folder, IReadOnlyDictionary<string, string?> Settings);

/// <summary>One run of the app's worker, from the start of its process to its end.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private const int MaxMessageBytes = int.MaxValue;

    private readonly Process _process;

    private WorkerProcess(Process process, WorkerStream stream)
    {
        _process = process;
        Stream = stream;
    }

    public WorkerStream Stream { get; }

    public int Id => _process.Id;

    /// <summary>Where it takes HTTP requests.</summary>
    public Uri? HttpUri { get; private set; }

    public IReadOnlyList<WorkerFunction> Functions { get; private set; } = [];

    public Task Ended => _process.WaitForExitAsync();

    /// <summary>Starts the process and loads all functions of the app.</summary>
    /// <exception cref="InvalidOperationException">The worker ended before, or refuses a function.</exception>
    public static async Task<WorkerProcess> StartAsync(FunctionsApp app, Uri endpoint, ExpectedWorkers expected, Action<string> log)
    {
        var id = Guid.NewGuid().ToString();
        var stream = new WorkerStream(
            said => log($"{said.Level} {said.Category}: {said.Message}{(said.Exception is { } exception ? " " + exception.Message : "")}"));
        var arrival = expected.Expect(id, stream);
        var process = Process.Start(StartInfo(app, endpoint, id))
            ?? throw new InvalidOperationException("The worker's process did not start.");
        var worker = new WorkerProcess(process, stream);
        process.OutputDataReceived += (_, line) => log($"out: {line.Data}");
        process.ErrorDataReceived += (_, line) => log($"err: {line.Data}");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (await Task.WhenAny(arrival.Connected.Task, worker.Ended) == worker.Ended)
        {
            throw new InvalidOperationException($"The worker ended with code {process.ExitCode} before it called.");
        }
        await worker.LoadAsync(app);
        return worker;
    }

    public void Dispose()
    {
        Stream.End("The host ends.");
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
    }

    private async Task LoadAsync(FunctionsApp app)
    {
        var init = await Stream.AskAsync(new StreamingMessage
        {
            WorkerInitRequest = new WorkerInitRequest
            {
                HostVersion = "4.0.0",
                WorkerDirectory = app.Folder,
                FunctionAppDirectory = app.Folder,
            },
        });
        Check(init.WorkerInitResponse.Result, "start");
        HttpUri = init.WorkerInitResponse.Capabilities.TryGetValue("HttpUri", out var uri) ? new Uri(uri) : null;
        var metadata = await Stream.AskAsync(new StreamingMessage
        {
            FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = app.Folder },
        });
        Check(metadata.FunctionMetadataResponse.Result, "list its functions");
        Functions = [.. metadata.FunctionMetadataResponse.FunctionMetadataResults.Select(function => new WorkerFunction(function))];
        foreach (var function in Functions)
        {
            function.Metadata.Directory = app.Folder;
            var loaded = await Stream.AskAsync(new StreamingMessage
            {
                FunctionLoadRequest = new FunctionLoadRequest { FunctionId = function.Metadata.FunctionId, Metadata = function.Metadata },
            });
            Check(loaded.FunctionLoadResponse.Result, $"load {function.Name}");
        }
        if (HttpUri is not null)
        {
            await WorkerProtocol.WorkerHttp.ListensAsync(HttpUri, CancellationToken.None);
        }
    }

    private static void Check(StatusResult result, string what)
    {
        if (result is not { Status: StatusResult.Types.Status.Success })
        {
            throw new InvalidOperationException($"The worker could not {what}: {result?.Exception?.Message}");
        }
    }

    private static ProcessStartInfo StartInfo(FunctionsApp app, Uri endpoint, string workerId)
    {
        using var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(app.Folder, "worker.config.json")));
        var description = config.RootElement.GetProperty("description");
        var requestId = Guid.NewGuid().ToString();
        var start = new ProcessStartInfo(
            description.GetProperty("defaultExecutablePath").GetString()!,
            [
                Path.Combine(app.Folder, description.GetProperty("defaultWorkerPath").GetString()!),
                "--host", endpoint.Host, "--port", $"{endpoint.Port}", "--workerId", workerId, "--requestId", requestId,
                "--grpcMaxMessageLength", $"{MaxMessageBytes}",
                "--functions-uri", $"{endpoint}", "--functions-worker-id", workerId, "--functions-request-id", requestId,
                "--functions-grpc-max-message-length", $"{MaxMessageBytes}",
            ])
        {
            WorkingDirectory = app.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in app.Settings)
        {
            start.Environment[name] = value;
        }
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = app.Folder;
        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        return start;
    }
}
