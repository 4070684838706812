using AgentWorkflows.AspNetCore.Security;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Routing;

/// <summary>One entry of the API's route table.</summary>
/// <param name="Name">Unique and stable; a host that names its endpoints uses it.</param>
/// <param name="Pattern">Route pattern without a leading slash.</param>
/// <param name="Roles">Any one of these lets a caller in; <see cref="ApiRoles.None"/>: everybody.</param>
internal sealed record ApiRoute(string Name, string Method, string Pattern, ApiRoles Roles, Func<HttpContext, Task<IResult>> Handler);
