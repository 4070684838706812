using System.Diagnostics;
using AgentWorkflows.AspNetCore.Bodies;
using AgentWorkflows.AspNetCore.Problems;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Screening;
using AgentWorkflows.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.AspNetCore.Routing;

/// <summary>
/// What happens to every request of the API, in whichever host: headers, origin, key, role, handler, and no exception let out. Thread-safe.
/// </summary>
internal sealed class ApiPipeline(ApiKeyRing keys, ILogger<ApiPipeline> logger)
{
    public async Task InvokeAsync(ApiRoute route, HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(route);
        ArgumentNullException.ThrowIfNull(context);
        SecurityHeaders.Apply(context.Response);
        // Where one function or endpoint serves many routes, nothing else would tell them apart.
        Activity.Current?.SetTag(Attributes.Route, route.Name);
        var result = await AnswerAsync(route, context);
        if (result is not null)
        {
            await result.ExecuteAsync(context);
        }
    }

    /// <summary>For requests no route takes. The same gate stands before them, so that they tell a stranger nothing more.</summary>
    public async Task RefuseAsync(HttpContext context, int status)
    {
        ArgumentNullException.ThrowIfNull(context);
        SecurityHeaders.Apply(context.Response);
        var problem = OriginGate.Check(context, keys) ?? (status == StatusCodes.Status405MethodNotAllowed
            ? Problem.Of(status, "method_not_allowed", "This address does not take this method; see the Allow header.")
            : Problem.Of(StatusCodes.Status404NotFound, "not_found", "There is nothing at this address."));
        await problem.ExecuteAsync(context);
    }

    /// <returns><c>null</c> when the client has gone and nobody is there to answer.</returns>
    private async Task<IResult?> AnswerAsync(ApiRoute route, HttpContext context)
    {
        try
        {
            return OriginGate.Check(context, keys) ?? Authorize(route, context) ?? await route.Handler(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
        catch (BadHttpRequestException exception)
        {
            return exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? RequestBody.TooLarge
                : Problem.Of(exception.StatusCode, "bad_request", "The request could not be read.");
        }
#pragma warning disable CA1031 // The boundary: whatever went wrong is logged here and stays here.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.RequestFailed(logger, route.Name, context.TraceIdentifier, RedactedException.ForLog(exception));
            return Problem.Of(StatusCodes.Status500InternalServerError, "internal_error", "Something went wrong here; the log has it under the trace id.")
                .With("traceId", context.TraceIdentifier);
        }
    }

    private Problem? Authorize(ApiRoute route, HttpContext context)
    {
        if (route.Roles == ApiRoles.None)
        {
            return null;
        }
        if (keys.Authenticate(context.Request) is not { } caller)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Problem.Of(StatusCodes.Status401Unauthorized, "unauthorized", "Send a valid API key as Authorization: Bearer KEY or X-Api-Key: KEY.");
        }
        if (!caller.HasAny(route.Roles))
        {
            return Problem.Of(StatusCodes.Status403Forbidden, "forbidden", $"This needs a key with one of the roles {route.Roles.ToString().ToLowerInvariant()}.");
        }
        Caller.Attach(context, caller);
        return null;
    }
}
