using AgentWorkflows.Durability;
using AgentWorkflows.Record;
using AgentWorkflows.Screening;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.AspNetCore.Health;

/// <summary>For probes, without a key: they say whether, never why. Why is in the log.</summary>
internal sealed class HealthHandlers(ISessionStore store, IOrchestrationClient engine, IHostApplicationLifetime lifetime, ILogger<HealthHandlers> logger)
{
    /// <summary>No session has this id. That it is not there costs one read by key, however much is stored.</summary>
    private const string Probe = "readiness-probe";

    public static Task<IResult> Live(HttpContext context) => Task.FromResult(Results.Json(new LiveResponse("live"), ApiJson.Options));

    /// <summary>Ready: the stores and the engine answer, and the host is not on its way down.</summary>
    public async Task<IResult> ReadyAsync(HttpContext context)
    {
        var stopping = lifetime.ApplicationStopping.IsCancellationRequested;
        var stored = await CheckAsync("store", token => store.GetAsync(Probe, token), context);
        var runs = await CheckAsync("engine", token => engine.GetInstanceAsync(Probe, false, token), context);
        var ready = stored && runs && !stopping;
        return Results.Json(
            new ReadyResponse(ready ? "ready" : stopping ? "stopping" : "not_ready", Word(stored), Word(runs)), ApiJson.Options,
            statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static string Word(bool ok) => ok ? "ok" : "failed";

    private async Task<bool> CheckAsync(string name, Func<CancellationToken, Task> check, HttpContext context)
    {
        try
        {
            await check(context.RequestAborted);
            return true;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // A probe answers; that it could not check is its answer.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.CheckFailed(logger, name, RedactedException.ForLog(exception));
            return false;
        }
    }
}

internal sealed record LiveResponse(string Status);

internal sealed record ReadyResponse(string Status, string Store, string Engine);
