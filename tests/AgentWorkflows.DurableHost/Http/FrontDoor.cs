using AgentWorkflows.DurableHost.Engine;
using AgentWorkflows.DurableHost.Worker;
using AgentWorkflows.WorkerProtocol.Messages;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Template;
using Yarp.ReverseProxy.Forwarder;

namespace AgentWorkflows.DurableHost.Http;

/// <summary>
/// Takes the app's HTTP requests as the platform does: the first function in alphabetical order whose address and method match is
/// invoked, and the request itself
/// is forwarded to the worker, which brings the two together by the invocation's id.
/// </summary>
internal sealed class FrontDoor(Workers workers, IHttpForwarder forwarder, Action<string> log) : IDisposable
{
    private const string InvocationHeader = "x-ms-invocation-id";
    private const string RunNow = "/admin/functions/";
    private const string TimerInfo = """{"ScheduleStatus": null, "IsPastDue": false, "Schedule": {"AdjustForDST": true}}""";

    private readonly HttpMessageInvoker _client = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
    private readonly ForwarderRequestConfig _config = new() { ActivityTimeout = TimeSpan.FromMinutes(4) };

    public async Task AnswerAsync(HttpContext context)
    {
        try
        {
            if (context.Request.Path.StartsWithSegments(RunNow.TrimEnd('/'), out var timer))
            {
                await RunTimerAsync(context, timer.Value!.TrimStart('/'));
                return;
            }
            await ForwardAsync(context);
        }
        catch (WorkerProcessExitException gone)
        {
            log($"{context.Request.Method} {context.Request.Path}: {gone.Message}");
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            }
        }
        catch (WorkerFailedException failed)
        {
            log($"{context.Request.Method} {context.Request.Path}: {failed.Message}");
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            }
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task ForwardAsync(HttpContext context)
    {
        var worker = await workers.CurrentAsync(context.RequestAborted);
        var inOrder = worker.Functions.Where(function => function.IsHttp).OrderBy(
            function => function.Name, StringComparer.OrdinalIgnoreCase);
        if (inOrder.FirstOrDefault(function => Serves(function, context.Request)) is not { } function)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var invocation = workers.Invocation(function, new TypedData { Http = new RpcHttp() });
        context.Request.Headers[InvocationHeader] = invocation.InvocationId;
        var running = worker.Stream.InvokeAsync(invocation, context.RequestAborted);
        var forwarded = await forwarder.SendAsync(context, worker.HttpUri!.ToString(), _client, _config);
        if (forwarded != ForwarderError.None)
        {
            log($"{function.Name}: {forwarded} {context.GetForwarderErrorFeature()?.Exception?.Message}");
        }
        await running;
    }

    /// <summary>As the platform's own address for it, which runs a function now; here the answer waits for its end.</summary>
    private async Task RunTimerAsync(HttpContext context, string name)
    {
        var worker = await workers.CurrentAsync(context.RequestAborted);
        if (worker.Functions.SingleOrDefault(function => function.IsTimer && function.Name == name) is not { } timer)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        await worker.Stream.InvokeAsync(workers.Invocation(timer, new TypedData { Json = TimerInfo }), context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private static bool Serves(WorkerFunction function, HttpRequest request) =>
        (function.Methods.Count == 0 || function.Methods.Contains(request.Method, StringComparer.OrdinalIgnoreCase))
        && Matches(function.Route, request);

    private static bool Matches(string route, HttpRequest request)
    {
        var template = TemplateParser.Parse(route);
        var values = new RouteValueDictionary();
        // The constraints that the app's routes use: nothing may stand there, or one of some words.
        var constraints = template.Parameters.SelectMany(parameter => parameter.InlineConstraints.Select(
            constraint => (parameter.Name, Text: constraint.Constraint))).ToList();
        return constraints.Any(constraint => constraint.Text == "maxlength(0)")
            ? request.Path == "/"
            : new TemplateMatcher(template, []).TryMatch(request.Path, values) && constraints.All(constraint =>
                constraint.Text.StartsWith("regex(", StringComparison.Ordinal)
                && new RegexRouteConstraint(constraint.Text["regex(".Length..^1]).Match(
                    null, null, constraint.Name!, values, RouteDirection.IncomingRequest));
    }
}
