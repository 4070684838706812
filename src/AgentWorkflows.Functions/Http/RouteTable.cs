using System.Collections.Immutable;
using AgentWorkflows.AspNetCore.Routing;
using AgentWorkflows.Functions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace AgentWorkflows.Functions.Http;

/// <summary>Finds the API's route for a request. Immutable.</summary>
internal sealed class RouteTable
{
    private readonly ApiPipeline _pipeline;
    private readonly ImmutableArray<(ApiRoute Route, TemplateMatcher Matcher)> _routes;

    public RouteTable(ApiPipeline pipeline, TablesFirst tables)
    {
        _pipeline = pipeline;
        // Routes without parameters first: api/sessions/search is not the session "search".
        _routes =
        [
            .. ApiRoutes.All
                .OrderBy(route => route.Pattern.Count(c => c == '{'))
                .Select(route => route.Handlers is null ? route : route with { Handler = WithTables(route.Handler) })
                .Select(route => (route, new TemplateMatcher(TemplateParser.Parse(route.Pattern), []))),
        ];

        Func<HttpContext, Task<IResult>> WithTables(Func<HttpContext, Task<IResult>> handler) => async context =>
        {
            await tables.TryEnsureAsync(context.RequestAborted);
            return await handler(context);
        };
    }

    public async Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var matches = Find(context.Request.Path);
        if (matches.Count == 0)
        {
            await _pipeline.RefuseAsync(context, StatusCodes.Status404NotFound);
            return;
        }
        foreach (var (route, values) in matches)
        {
            if (HttpMethods.Equals(route.Method, context.Request.Method))
            {
                context.Request.RouteValues = values;
                await _pipeline.InvokeAsync(route, context);
                return;
            }
        }
        context.Response.Headers.Allow = string.Join(", ", matches.Select(match => match.Route.Method).Distinct());
        await _pipeline.RefuseAsync(context, StatusCodes.Status405MethodNotAllowed);
    }

    /// <summary>Every route of that address, whatever its method.</summary>
    internal IReadOnlyList<(ApiRoute Route, RouteValueDictionary Values)> Find(PathString path)
    {
        var found = new List<(ApiRoute, RouteValueDictionary)>();
        foreach (var (route, matcher) in _routes)
        {
            var values = new RouteValueDictionary();
            if (matcher.TryMatch(path, values))
            {
                found.Add((route, values));
            }
        }
        return found;
    }
}
