using AgentWorkflows.Durability;
using AgentWorkflows.Engine;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.Server.Hosting;

internal sealed class EngineReplayCheck(EmbeddedEngine engine) : IReplayCheck
{
    public async Task<IReadOnlyList<ReplayedInstance>?> ReplayAsync(string sessionId, CancellationToken cancellationToken)
    {
        var replayed = new List<ReplayedInstance>();
        if (await engine.GetInstanceAsync(sessionId, false, cancellationToken) is not { } session)
        {
            return replayed;
        }
        await AddAsync(session);
        var query = new OrchestrationQuery { InstanceIdPrefix = sessionId + ":", PageSize = OrchestrationQuery.MaxPageSize };
        var others = new List<OrchestrationMetadata>();
        await foreach (var instance in engine.QueryAllInstancesAsync(query, cancellationToken))
        {
            others.Add(instance);
        }
        foreach (var instance in others.OrderBy(instance => instance.CreatedAt))
        {
            await AddAsync(instance);
        }
        return replayed;

        async Task AddAsync(OrchestrationMetadata instance)
        {
            if (await engine.ReplayAsync(instance.InstanceId, cancellationToken) is { } report)
            {
                replayed.Add(new ReplayedInstance(instance.InstanceId, instance.Status.ToString(), report.Events, report.Divergence?.Message));
            }
        }
    }
}
