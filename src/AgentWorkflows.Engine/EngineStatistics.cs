namespace AgentWorkflows.Engine;

/// <summary>Counters since the engine opened, read at one moment without stopping it; they need not fit each other exactly.</summary>
/// <param name="LiveInstances">In memory now.</param>
/// <param name="Replays">Coroutines made again from history.</param>
/// <param name="Turns">Turns that orchestrators ran.</param>
/// <param name="Commits">Transactions on stable storage.</param>
/// <param name="Operations">Changes in those transactions; divided by <paramref name="Commits"/>, the group size.</param>
/// <param name="Activities">Attempts of activities that began.</param>
/// <param name="RunningActivities">Now.</param>
/// <param name="WaitingActivities">Waiting for one of the running ones to end.</param>
public sealed record EngineStatistics(
    int LiveInstances, long Replays, long Turns, long Commits, long Operations, long Activities, int RunningActivities, int WaitingActivities);
