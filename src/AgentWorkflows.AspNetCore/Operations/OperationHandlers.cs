using AgentWorkflows.AspNetCore.Problems;
using AgentWorkflows.Operations.Readiness;
using AgentWorkflows.Sessions;
using AgentWorkflows.Words;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Operations;

/// <summary>For operators: is this host fit for production, and does today's code still decide what it decided?</summary>
internal sealed class OperationHandlers(IReadinessCheck readiness, IReplayCheck replay)
{
    public async Task<IResult> ReadinessAsync(HttpContext context)
    {
        var findings = await readiness.RunAsync(context.RequestAborted);
        return Results.Json(ReadinessResponse.From(findings), ApiJson.Options);
    }

    public async Task<IResult> ReplayAsync(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        return await replay.ReplayAsync(id, context.RequestAborted) switch
        {
            null => Problem.Of(StatusCodes.Status501NotImplemented, "not_supported", "This host cannot check its replay."),
            [] => Problem.SessionNotFound(id),
            var instances => Results.Json(ReplayResponse.From(id, instances), ApiJson.Options),
        };
    }
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
