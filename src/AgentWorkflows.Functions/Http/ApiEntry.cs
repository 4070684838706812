using AgentWorkflows.Functions.Durable;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;

namespace AgentWorkflows.Functions.Http;

/// <summary>
/// What every function of the API does: it asks the route table both hosts share. The route is found by the request's address, not by the function's name: the
/// platform takes the first function in alphabetical order whose address matches, however special another one is. Keys are the API's own, checked by the
/// shared pipeline; the platform's function keys are not used.
/// </summary>
public sealed class ApiEntry(RouteTable routes, CurrentClient clients)
{
    internal IResult Answer(DurableTaskClient client)
    {
        clients.Use(client);
        return new RoutedResult(routes);
    }

    private sealed class RoutedResult(RouteTable routes) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => routes.InvokeAsync(httpContext);
    }
}
