using System.CommandLine;
using AgentWorkflows.Hosting;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Server.Terminal;
using AgentWorkflows.Words;

namespace AgentWorkflows.Server.Cli;

/// <summary><c>tools</c>: what agents can do and where it comes from. <c>tools pin</c>: writes down what the tools of sources are now, for people to review. Starts no session.</summary>
internal sealed class ToolsCommand(Screen screen, CommonOptions common, EmbeddedProgram program)
{
    private const string Pin = "pin";

    private readonly Argument<string?> _what = new("what")
    {
        Description = "'pin' writes what the tools of sources are now beside each agent.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Argument<string?> _agent = new("agent") { Description = "With 'pin': one agent. Default: all.", Arity = ArgumentArity.ZeroOrOne };

    public Command Create() => new("tools", "List every tool with its source, contract, pin and health, or pin those of sources.") { _what, _agent, common.Agents, common.Json };

    public async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        if (result.GetValue(_what) is { } what && what != Pin)
        {
            screen.Error($"'{what}' is nothing that can be done with tools. Allowed: {Pin}, or nothing, which lists them.");
            return ExitCodes.Failed;
        }
        var services = program.For(common.Read(result) with { LogLevel = LogLevel.None });
        try
        {
            var inventory = services.GetRequiredService<ToolInventory>();
            await inventory.ConnectAsync(cancellationToken);
            return result.GetValue(_what) is null ? List(inventory, result.GetValue(common.Json)) : await PinAsync(inventory, result.GetValue(_agent), cancellationToken);
        }
        catch (AgentsInvalidException exception)
        {
            screen.Error(exception.Message);
            return ExitCodes.Failed;
        }
        finally
        {
            await program.DisposeAsync();
        }
    }

    private int List(ToolInventory inventory, bool json)
    {
        var lines = inventory.Tools();
        if (json)
        {
            foreach (var line in lines)
            {
                screen.Json(new
                {
                    agent = line.Agent,
                    tool = line.Contract.Name,
                    source = line.Source?.Name,
                    tier = SnakeCase.Of(line.Contract.Tier),
                    line.Pin,
                    health = line.Source is { } source ? SnakeCase.Of(source.Health) : null,
                });
            }
        }
        else
        {
            foreach (var agent in lines.GroupBy(line => line.Agent))
            {
                screen.Line($"Agent {agent.Key}", Styles.Strong);
                foreach (var line in agent)
                {
                    screen.Row(line.Contract.Name, TextOf(line), 28, 2);
                }
                screen.Line();
            }
            WriteSources(inventory);
        }
        foreach (var held in inventory.Held)
        {
            screen.Error($"{held.Name} cannot be started: {held.Reason}");
        }
        return inventory.Held.Count > 0 ? ExitCodes.Failed : ExitCodes.Completed;
    }

    private void WriteSources(ToolInventory inventory)
    {
        foreach (var source in inventory.Sources)
        {
            screen.Line($"{source.Kind} {source.Name}: {SnakeCase.Of(source.Health)}, {Layout.Count(source.Tools.Count, "tool")} ({source.Address})", Styles.Strong);
            if (source.Problem is { } problem)
            {
                screen.Field("", problem, Styles.Bad, 2);
            }
            if (source.Tools.Count > 0)
            {
                screen.Field("", string.Join(", ", source.Tools.Select(tool => tool.Name).Order(StringComparer.Ordinal)), labelWidth: 2);
            }
            screen.Line();
        }
    }

    private static string TextOf(ToolLine line)
    {
        var source = line.Source is { } from ? $"{from.Kind} {from.Name}, {SnakeCase.Of(from.Health)}, {line.Pin}" : "the program's";
        return $"{SnakeCase.Of(line.Contract.Tier)}{(line.Contract.Offered ? "" : ", only compensates")}; {source}";
    }

    private async Task<int> PinAsync(ToolInventory inventory, string? agent, CancellationToken cancellationToken)
    {
        var pinned = inventory.Pin(agent);
        if (pinned.Count == 0)
        {
            screen.Error(agent is null ? "No agent has tools of a source." : $"There is no agent '{agent}' with tools of a source.");
            return ExitCodes.Failed;
        }
        foreach (var one in pinned)
        {
            if (one.Text is null)
            {
                screen.Error($"{one.Agent} is not pinned: {one.Problem}");
                continue;
            }
            screen.Line(one.Changes.Count == 0 ? $"{one.Agent}: nothing changed." : $"{one.Agent}: written to {Path.GetRelativePath(Directory.GetCurrentDirectory(), one.File)}. Review it and keep it with the agent.", Styles.Strong);
            foreach (var line in one.Changes.SelectMany(change => change.Split('\n')))
            {
                screen.Field("", line, labelWidth: 2);
            }
            if (one.Changes.Count > 0)
            {
                await File.WriteAllTextAsync(one.File, one.Text, cancellationToken);
            }
        }
        return pinned.Any(one => one.Text is null) ? ExitCodes.Failed : ExitCodes.Completed;
    }
}
