using AgentWorkflows.AspNetCore.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflows.AspNetCore.Routing;

/// <summary>One entry of the API's route table.</summary>
/// <param name="Name">Unique and stable; a host that names its endpoints uses it.</param>
/// <param name="Pattern">Route pattern without a leading slash.</param>
/// <param name="Roles">Any one of these lets a caller in; <see cref="ApiRoles.None"/>: everybody.</param>
internal sealed record ApiRoute(string Name, string Method, string Pattern, ApiRoles Roles, Func<HttpContext, Task<IResult>> Handler)
{
    /// <summary>The class of services that handles it, made by the container; <c>null</c>: it needs none.</summary>
    public Type? Handlers { get; private init; }

    /// <inheritdoc cref="ApiRoute(string, string, string, ApiRoles, Func{HttpContext, Task{IResult}})"/>
    public static ApiRoute To<THandlers>(string name, string method, string pattern, ApiRoles roles, Func<THandlers, Func<HttpContext, Task<IResult>>> handler)
        where THandlers : class =>
        new(name, method, pattern, roles, context => handler(context.RequestServices.GetRequiredService<THandlers>())(context)) { Handlers = typeof(THandlers) };
}
