using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using static Microsoft.Azure.Functions.Worker.AuthorizationLevel;

namespace AgentWorkflows.Functions.Http;

/// <summary>The console, and what is not there.</summary>
public sealed class ConsoleFunctions(ApiEntry api)
{
    [Function("GetMe")]
    public IResult GetMe(
        [HttpTrigger(Anonymous, "get", Route = "api/me")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    // For the platform an empty route is none, and it takes the function's name. A parameter that must be empty is the root and nothing else.
    [Function("Console")]
    public IResult Console(
        [HttpTrigger(Anonymous, "get", Route = "{none:maxlength(0)?}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("ConsoleFile")]
    public IResult ConsoleFile(
        [HttpTrigger(Anonymous, "get", Route = "console/{version}/{*path}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    // Unknown addresses and wrong methods, so that they are answered as everywhere else. Its name stands behind those of all others.
    [Function("Unrouted")]
    public IResult RefuseUnrouted(
        [HttpTrigger(Anonymous, "get", "post", "put", "patch", "delete", "head", "options", Route = "{*path}")] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.Answer(client);
}
