using System.Net;
using System.Runtime.InteropServices;
using AgentWorkflows.DurableHost;
using AgentWorkflows.DurableHost.Engine;
using AgentWorkflows.DurableHost.Http;
using AgentWorkflows.DurableHost.Worker;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

// Runs a published Functions app: AgentWorkflows.DurableHost FOLDER, with the app's settings as environment variables. Says on its
// output "host URL" when requests are
// served, "worker PID is ready" for each worker, and what the worker logs. Ends in order on SIGTERM, and when its input ends, because
// then nobody is left who would end it.
var app = new FunctionsApp(args[0], HostJson.EnvironmentSettings());
var expected = new ExpectedWorkers();
FrontDoor? door = null;

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
    kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
});
builder.Services.AddGrpc(grpc => (grpc.MaxReceiveMessageSize, grpc.MaxSendMessageSize) = (null, null));
builder.Services.AddSingleton(expected);
builder.Services.AddHttpForwarder();
await using var web = builder.Build();
web.MapGrpcService<WorkerService>();
web.MapFallback("{*path}", context => door is { } open
    ? open.AnswerAsync(context)
    : Task.FromResult(context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable));
await web.StartAsync();
var addresses = web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();

await using var workers = new Workers(app, new Uri(addresses[0]), expected, Console.WriteLine);
var worker = await workers.StartAsync();
await using var engine = await OfficialEngine.StartAsync(
    app.Settings, HostJson.Read(app.Folder), [.. worker.Functions.Select(function => function.Durable).OfType<DurableFunction>()], workers,
    logging => logging.SetMinimumLevel(LogLevel.Warning).AddConsole());
workers.DurableClient = engine.ClientText;
using var opened = door = new FrontDoor(workers, web.Services.GetRequiredService<IHttpForwarder>(), Console.WriteLine);
Console.WriteLine($"host {addresses[1]}");

var stop = new TaskCompletionSource();
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    stop.TrySetResult();
});
await using var input = Console.OpenStandardInput();
await Task.WhenAny(stop.Task, input.CopyToAsync(Stream.Null));
return 0;
