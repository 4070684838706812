using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentWorkflows.Agents;
using AgentWorkflows.Hosting;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Server.Terminal;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.Server.Cli;

/// <summary>Runs one session in this process and follows it.</summary>
internal sealed class RunCommand(Screen screen, TimeProvider time, CommonOptions common, FollowOptions follow, EmbeddedProgram program)
{
    private const decimal DefaultBudget = 1.0m;

    private readonly Argument<string?> _goal = new("goal") { Description = "What the agent shall do.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _agent = new("--agent") { Description = "Which agent. Default: the only one there is." };
    private readonly Option<string> _user = new("--user") { Description = "Whose session it is, and who approves.", DefaultValueFactory = _ => Environment.UserName };
    private readonly Option<string?> _taskType = new("--task-type") { Description = "For reports." };
    private readonly Option<decimal?> _maxCost = new("--max-cost") { Description = "Most it may cost, in US dollars; may only lower the agent's limit.", HelpName = "USD" };
    private readonly Option<string?> _resume = new("--resume") { Description = "Go on with this session instead of starting one.", HelpName = "ID" };
    private readonly Option<string[]> _context = new("--context") { Description = "Further context, as KEY=VALUE; may be given several times. Numbers, true, false and JSON keep their type; \"7\" in double quotes is a text.", HelpName = "KEY=VALUE" };

    public Command Create()
    {
        var command = new Command("run", "Run one session here and follow it in the terminal.")
        {
            _goal, _agent, follow.Approve, _user, _taskType, _maxCost, _context, _resume, common.Agents, common.Json,
        };
        command.Validators.Add(result =>
        {
            if ((result.GetValue(_goal) is null) == (result.GetValue(_resume) is null))
            {
                result.AddError("Give either a goal or --resume ID.");
            }
            foreach (var pair in result.GetValue(_context) ?? [])
            {
                if (pair.IndexOf('=', StringComparison.Ordinal) < 1)
                {
                    result.AddError($"--context must be KEY=VALUE, not '{pair}'.");
                }
            }
        });
        return command;
    }

    public async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var resume = result.GetValue(_resume);
        var server = common.Read(result) with { LogLevel = LogLevel.Warning, JsonLogs = result.GetValue(common.Json) };
        var agent = resume is null ? Agent(result, server) : null;
        if (resume is null && agent is null)
        {
            return ExitCodes.Usage;
        }
        var options = new RunOptions(
            agent is null ? null : Request(result, agent), resume, follow.Mode(result),
            result.GetValue(_user)!, result.GetValue(common.Json), common.DataHint(result));
        await using var running = await program.StartAsync(server, cancellationToken);
        return await new SessionRun(screen, time, running, options).RunAsync(cancellationToken);
    }

    /// <returns><c>null</c>: none was named, and there is more than one, or none; that has been said.</returns>
    private string? Agent(ParseResult result, ServerOptions server)
    {
        if (result.GetValue(_agent) is { } named)
        {
            return named;
        }
        var services = program.For(server);
        program.Check();
        var agents = services.GetRequiredService<IAgentCatalog>().Agents;
        if (agents.Count == 1)
        {
            return agents.First().Name;
        }
        screen.Error(agents.Count == 0
            ? $"There are no agents in {string.Join(", ", services.GetRequiredService<AgentFolders>().Paths)}. Add a folder with an agent.yaml."
            : $"Say which agent with --agent: {string.Join(", ", agents.Select(agent => agent.Name).Order(StringComparer.Ordinal))}.");
        return null;
    }

    private StartSessionRequest Request(ParseResult result, string agent)
    {
        var maxCost = result.GetValue(_maxCost);
        var context = new JsonObject
        {
            ["project_id"] = "local",
            ["user_id"] = result.GetValue(_user),
            ["budget_limit"] = maxCost ?? DefaultBudget,
            ["task_priority"] = "normal",
        };
        foreach (var pair in result.GetValue(_context) ?? [])
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            context[pair[..equals]] = ContextValue.Of(pair[..equals], pair[(equals + 1)..]);
        }
        var request = new StartSessionRequest
        {
            Agent = agent,
            Goal = result.GetValue(_goal)!,
            Context = JsonSerializer.SerializeToElement(context),
            Limits = new RequestedLimits { MaxCostUsd = maxCost },
        };
        return result.GetValue(_taskType) is { } taskType ? request with { TaskType = taskType } : request;
    }
}
