using AgentWorkflows.AspNetCore.Problems;
using AgentWorkflows.Operations.Readiness;
using AgentWorkflows.Sessions;
using AgentWorkflows.Words;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflows.AspNetCore.Operations;

/// <summary>For operators: is this host fit for production, and does today's code still decide what it decided?</summary>
internal static class OperationHandlers
{
    public static async Task<IResult> ReadinessAsync(HttpContext context)
    {
        if (context.RequestServices.GetService<IReadinessCheck>() is not { } check)
        {
            return NotHere("readiness");
        }
        var findings = await check.RunAsync(context.RequestAborted);
        return Results.Json(ReadinessResponse.From(findings), ApiJson.Options);
    }

    public static async Task<IResult> ReplayAsync(HttpContext context)
    {
        if (context.RequestServices.GetService<IReplayCheck>() is not { } check)
        {
            return NotHere("replay");
        }
        var id = (string)context.Request.RouteValues["id"]!;
        var instances = await check.ReplayAsync(id, context.RequestAborted);
        return instances.Count == 0 ? Problem.SessionNotFound(id) : Results.Json(ReplayResponse.From(id, instances), ApiJson.Options);
    }

    private static Problem NotHere(string what) =>
        Problem.Of(StatusCodes.Status501NotImplemented, "not_supported", $"This host cannot check its {what}.");
}

/// <param name="Ready">False when any finding has failed.</param>
internal sealed record ReadinessResponse(bool Ready, IReadOnlyList<FindingResponse> Findings)
{
    public static ReadinessResponse From(IReadOnlyList<ReadinessFinding> findings) => new(
        findings.All(finding => finding.Status != ReadinessStatus.Failed),
        [.. findings.Select(finding => new FindingResponse(finding.Code, finding.Subject, SnakeCase.Of(finding.Status), finding.Message, finding.ToDo))]);
}

/// <param name="Subject">An agent, or <c>host</c>.</param>
/// <param name="Status"><c>ok</c>, <c>warning</c> or <c>failed</c>.</param>
internal sealed record FindingResponse(string Code, string Subject, string Status, string Message, string? ToDo);

/// <param name="Diverged">True when any instance differs.</param>
internal sealed record ReplayResponse(string SessionId, bool Diverged, IReadOnlyList<ReplayedInstanceResponse> Instances)
{
    public static ReplayResponse From(string sessionId, IReadOnlyList<ReplayedInstance> instances) => new(
        sessionId, instances.Any(instance => instance.Divergence is not null),
        [.. instances.Select(instance => new ReplayedInstanceResponse(instance.InstanceId, instance.Status, instance.Events, instance.Divergence))]);
}

internal sealed record ReplayedInstanceResponse(string InstanceId, string Status, int Events, string? Divergence);
