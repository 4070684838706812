using AgentWorkflows.Functions.Durable;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace AgentWorkflows.Functions.Http;

/// <summary>
/// The API: a function for each first part of an address. What is behind it is the one route table both hosts share, so that a new route needs no function.
/// Keys are the API's own, checked by the pipeline; the platform's function keys are not used.
/// </summary>
public sealed class ApiFunctions(RouteTable routes, CurrentClient clients)
{
    [Function("Api")]
    public IResult Api(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "put", "patch", "delete", Route = "api/{*path}")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => Answer(client);

    [Function("Execute")]
    public IResult Execute(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "execute")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => Answer(client);

    [Function("Approve")]
    public IResult Approve(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "approve/{*path}")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => Answer(client);

    [Function("Health")]
    public IResult Health(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/{*path}")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => Answer(client);

    [Function("OpenApi")]
    public IResult OpenApi(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "openapi/{*path}")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => Answer(client);

    [Function("Console")]
    public IResult Console(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "console/{*path}")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => Answer(client);

    [Function("Home")]
    public IResult Home(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "{none:maxlength(0)?}")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => Answer(client);

    private RoutedResult Answer(DurableTaskClient client)
    {
        clients.Use(client);
        return new RoutedResult(routes);
    }

    private sealed class RoutedResult(RouteTable routes) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => routes.InvokeAsync(httpContext);
    }
}
