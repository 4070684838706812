using System.Diagnostics;
using System.Text;
using AgentWorkflows.WorkerProtocol.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.WorkerProtocol;

/// <summary>
/// A published Functions app, started as the platform starts it: a process of its own that calls back, is told to load its functions, and is then given invocations.
/// HTTP requests go to the address it names, with the invocation they belong to. There is no Durable Functions behind it.
/// </summary>
public sealed class FunctionsWorker : IAsyncDisposable
{
    private const string Correlation = "x-ms-invocation-id";

    private readonly WebApplication _host;
    private readonly WorkerStream _stream;
    private readonly Process _process;
    private readonly WorkerLog _log;
    private readonly StringBuilder _output = new();
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private string _address = "";

    private FunctionsWorker(WebApplication host, WorkerStream stream, Process process, WorkerLog log)
    {
        (_host, _stream, _process, _log) = (host, stream, process, log);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => stream.Close("The worker ended.");
    }

    public IReadOnlyList<WorkerFunction> Functions { get; private set; } = [];

    /// <summary>What the worker says that it can do.</summary>
    public IReadOnlyDictionary<string, string> Capabilities { get; private set; } = new Dictionary<string, string>();

    /// <summary>What the worker has logged to the host until now.</summary>
    public IReadOnlyList<WorkerLine> Lines => _log.Lines;

    /// <summary>What the process wrote to its console until now.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <param name="folder">Where the app is published.</param>
    /// <param name="program">The worker's file in it.</param>
    /// <param name="settings">The application settings: the only variables that the process gets beside the system's own.</param>
    /// <exception cref="WorkerFailedException">The worker ended, or could not load its functions; says what it wrote.</exception>
    public static async Task<FunctionsWorker> StartAsync(
        string folder, string program, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var log = new WorkerLog();
        var stream = new WorkerStream(line => log.Add(WorkerLine.Of(line)));
        var host = await ListenAsync(stream, cancellationToken);
        var address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        var worker = new FunctionsWorker(host, stream, Process.Start(Command(folder, program, address, settings))!, log);
        try
        {
            await worker.LoadAsync(folder, cancellationToken);
            return worker;
        }
        catch (IOException exception)
        {
            await worker._process.WaitForExitAsync(cancellationToken);
            var output = worker.Output;
            await worker.DisposeAsync();
            throw new WorkerFailedException($"{exception.Message}{Environment.NewLine}{output}", exception);
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a request through a function, as the platform's front does.</summary>
    /// <param name="request">Its address is a path.</param>
    /// <param name="route">The values of the route's parameters.</param>
    public async Task<(HttpResponseMessage Response, WorkerAnswer Answer)> SendAsync(
        string function, HttpRequestMessage request, IReadOnlyDictionary<string, string> route, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(route);
        var http = new RpcHttp { Params = { route.ToDictionary() } };
        var id = Guid.NewGuid().ToString();
        request.RequestUri = new Uri(new Uri(_address), request.RequestUri!.OriginalString);
        request.Headers.Add(Correlation, id);
        var invocation = InvokeAsync(id, function, new TypedData { Http = http }, cancellationToken);
        var response = await _http.SendAsync(request, cancellationToken);
        return (response, await invocation);
    }

    /// <summary>Waits until the worker has logged such a line; it is sent beside the answer of its invocation, and may come later.</summary>
    public Task SaidAsync(Predicate<WorkerLine> line, CancellationToken cancellationToken) => _log.HasAsync(line, cancellationToken);

    /// <summary>Runs a function whose trigger's value is JSON: a timer, an activity.</summary>
    public Task<WorkerAnswer> InvokeAsync(string function, string json, CancellationToken cancellationToken) =>
        InvokeAsync(Guid.NewGuid().ToString(), function, new TypedData { Json = json }, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
        _http.Dispose();
        await _host.DisposeAsync();
        _stream.Dispose();
    }

    private async Task<WorkerAnswer> InvokeAsync(string id, string function, TypedData trigger, CancellationToken cancellationToken)
    {
        var called = Functions.Single(known => known.Name == function);
        var request = new InvocationRequest
        {
            InvocationId = id,
            FunctionId = called.Id,
            TraceContext = new RpcTraceContext { TraceParent = $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-01" },
        };
        foreach (var binding in called.Bindings.Select(BindingView.Read).Where(binding => binding.IsInput))
        {
            request.InputData.Add(new ParameterBinding
            {
                Name = binding.Name,
                Data = binding.IsTrigger ? trigger : new TypedData { String = binding.Type == "durableClient" ? DurableClient() : "" },
            });
        }
        var answered = (await _stream.AskAsync(id, new StreamingMessage { InvocationRequest = request }, cancellationToken)).InvocationResponse;
        var value = answered.ReturnValue?.DataCase switch
        {
            TypedData.DataOneofCase.Json => answered.ReturnValue.Json,
            TypedData.DataOneofCase.String => answered.ReturnValue.String,
            _ => null,
        };
        return new WorkerAnswer(id, FailureOf(answered.Result), value);
    }

    /// <summary>Where the platform's Durable Functions would listen; here nobody does.</summary>
    private static string DurableClient() =>
        """{"rpcBaseUrl":"http://127.0.0.1:1/","taskHubName":"none","connectionName":"AzureWebJobsStorage","requiredQueryStringParameters":"","httpBaseUrl":"http://127.0.0.1:1/"}""";

    private async Task LoadAsync(string folder, CancellationToken cancellationToken)
    {
        await _stream.Started.WaitAsync(cancellationToken);
        var init = (await AskAsync(new StreamingMessage
        {
            WorkerInitRequest = new WorkerInitRequest { HostVersion = "4.0.0.0", FunctionAppDirectory = folder, WorkerDirectory = folder },
        }, cancellationToken)).WorkerInitResponse;
        Require("The worker did not initialize", init.Result);
        Capabilities = init.Capabilities;
        _address = init.Capabilities.GetValueOrDefault("HttpUri", "");
        var metadata = (await AskAsync(new StreamingMessage
        {
            FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = folder },
        }, cancellationToken)).FunctionMetadataResponse;
        Require("The worker did not name its functions", metadata.Result);
        foreach (var function in metadata.FunctionMetadataResults)
        {
            var loaded = (await AskAsync(new StreamingMessage
            {
                FunctionLoadRequest = new FunctionLoadRequest { FunctionId = function.FunctionId, Metadata = function },
            }, cancellationToken)).FunctionLoadResponse;
            Require($"The worker did not load {function.Name}", loaded.Result);
        }
        if (_address.Length > 0)
        {
            await WorkerHttp.ListensAsync(new Uri(_address), cancellationToken);
        }
        Functions = [.. metadata.FunctionMetadataResults.Select(function => new WorkerFunction(function.FunctionId, function.Name, [.. function.RawBindings]))];
    }

    private Task<StreamingMessage> AskAsync(StreamingMessage message, CancellationToken cancellationToken)
    {
        message.RequestId = Guid.NewGuid().ToString();
        return _stream.AskAsync(message.RequestId, message, cancellationToken);
    }

    private static void Require(string what, StatusResult result)
    {
        if (FailureOf(result) is { } failure)
        {
            throw new WorkerFailedException($"{what}: {failure}");
        }
    }

    private static string? FailureOf(StatusResult result) => result.Status == StatusResult.Types.Status.Success
        ? null
        : $"{result.Status}: {result.Exception?.Message ?? result.Result}";

    private static async Task<WebApplication> ListenAsync(WorkerStream stream, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(stream);
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = null);
        var host = builder.Build();
        host.MapGrpcService<WorkerStream>();
        await host.StartAsync(cancellationToken);
        return host;
    }

    private static ProcessStartInfo Command(string folder, string program, string address, IReadOnlyDictionary<string, string> settings)
    {
        var command = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                Path.Combine(folder, program), "--functions-uri", address, "--functions-worker-id", Guid.NewGuid().ToString(),
                "--functions-request-id", Guid.NewGuid().ToString(), "--functions-grpc-max-message-length", "2147483647",
            },
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var inherited in command.Environment.Keys.Where(name => !IsOfSystem(name)).ToList())
        {
            command.Environment.Remove(inherited);
        }
        command.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        command.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = folder;
        foreach (var (name, value) in settings)
        {
            command.Environment[name] = value;
        }
        return command;
    }

    private static bool IsOfSystem(string name) =>
        name is "PATH" or "HOME" or "TMPDIR" or "TEMP" or "TMP" or "SystemRoot" or "USERPROFILE" || name.StartsWith("DOTNET_", StringComparison.Ordinal);

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.AppendLine(line);
            }
        }
    }
}

/// <summary>The worker cannot run the app.</summary>
public sealed class WorkerFailedException(string message, Exception? inner = null) : Exception(message, inner);
