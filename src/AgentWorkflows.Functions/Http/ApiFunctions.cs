using AgentWorkflows.Functions.Durable;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using static Microsoft.Azure.Functions.Worker.AuthorizationLevel;

namespace AgentWorkflows.Functions.Http;

/// <summary>
/// The API: the route table that both hosts share looks at the request's address. Addresses outside of these folders are the app's own. Keys are the API's own, checked
/// by the shared pipeline; the platform's function keys are not used.
/// </summary>
internal sealed class ApiFunctions(RouteTable routes, CurrentClient clients)
{
    private const string Folders = "{folder:regex(^(api|approve|console|execute|health|openapi)$)}/{*path}";

    // For the platform an empty route is none, and it takes the function's name. A parameter that must be empty is the root and nothing else.
    private const string Root = "{none:maxlength(0)?}";

    [Function("Api")]
    public IResult Answer(
        [HttpTrigger(Anonymous, "get", "post", "put", "patch", "delete", "head", "options", Route = Folders)] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        Route(client);

    [Function("Console")]
    public IResult Open(
        [HttpTrigger(Anonymous, "get", "post", "put", "patch", "delete", "head", "options", Route = Root)] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        Route(client);

    private RoutedResult Route(DurableTaskClient client)
    {
        clients.Use(client);
        return new RoutedResult(routes);
    }

    private sealed class RoutedResult(RouteTable routes) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => routes.InvokeAsync(httpContext);
    }
}
