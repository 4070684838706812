using System.Globalization;
using AgentWorkflows.Agents;
using AgentWorkflows.Words;

namespace AgentWorkflows.Functions.Hosting;

/// <summary>
/// How long the platform lets a function run: <c>functionTimeout</c> of host.json. It ends a worker whose function runs longer, and with it everything else that runs there,
/// so nothing of this host may come near it.
/// </summary>
internal static class FunctionTime
{
    /// <summary>What a step needs beside its tool: reading and recording, also while storage answers slowly.</summary>
    public static readonly TimeSpan Reserve = TimeSpan.FromMinutes(1);

    /// <summary>Where host.json says nothing: the platform's default in the plan that allows least.</summary>
    public static readonly TimeSpan Standard = TimeSpan.FromMinutes(5);

    private const string Key = "functionTimeout";

    /// <param name="folder">Where host.json is; the setting <c>AzureFunctionsJobHost__functionTimeout</c> has precedence, as for the platform.</param>
    /// <returns><see cref="Timeout.InfiniteTimeSpan"/>: no limit.</returns>
    public static TimeSpan Read(IConfiguration configuration, string folder)
    {
        var text = configuration[$"AzureFunctionsJobHost:{Key}"] ?? HostFile.Text(folder, Key);
        return text == "-1" ? Timeout.InfiniteTimeSpan : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var limit) ? limit : Standard;
    }

    /// <summary>As long as a round of daily work may take; short of the limit by what it finishes when its time is over.</summary>
    public static TimeSpan ForDailyWork(TimeSpan limit) => limit == Timeout.InfiniteTimeSpan ? TimeSpan.FromMinutes(30) : limit * 0.8;

    /// <summary>Contracts and routes whose tool or model may run into the limit, each with what to do.</summary>
    public static IReadOnlyList<string> ProblemsOf(IEnumerable<AgentDefinition> agents, TimeSpan limit)
    {
        if (limit == Timeout.InfiniteTimeSpan)
        {
            return [];
        }
        var allowed = limit - Reserve;
        return
        [
            .. from agent in agents
               from timed in agent.Tools.Select(contract => (Name: $"tool '{contract.Name}'", Timeout: (TimeSpan?)contract.Timeout))
                   .Concat(agent.Models.Select(route => (Name: $"models.{SnakeCase.Of(route.Key)}", route.Value.Timeout)))
               let timeout = timed.Timeout ?? TimeSpan.Zero
               where timeout > allowed
               select $"Agent '{agent.Name}', {timed.Name}: its timeout is {Seconds(timeout)}, but the platform ends a function after {Seconds(limit)} "
                   + $"({Key} in host.json), and with it everything else on that worker. At most {Seconds(allowed)} are allowed: lower the timeout in agents/{agent.Name}/agent.yaml, "
                   + $"or raise {Key}.",
        ];
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");
}
