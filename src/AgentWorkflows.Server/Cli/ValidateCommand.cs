using System.CommandLine;
using AgentWorkflows.Agents;
using AgentWorkflows.Hosting;
using AgentWorkflows.Models;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Server.Terminal;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Server.Cli;

/// <summary><c>validate</c>: every problem of the agents' files at once, each with file, line and key.</summary>
internal sealed class ValidateCommand(Screen screen, TimeProvider time, CommonOptions common, EmbeddedProgram program)
{
    private readonly Argument<string?> _folder = new("agents")
    {
        Description = "A folder of agents, or one agent's folder. Default: agents here, else the ones shipped.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public Command Create() => new("validate", "Report every problem in agent definitions, playbooks and prices.") { _folder, common.Json };

    public int Run(ParseResult result)
    {
        var given = result.GetValue(_folder) ?? (program.App.Services.GetRequiredService<AgentFolders>().Paths is [var first, ..] ? first : "agents");
        if (!Directory.Exists(given))
        {
            screen.Error($"There is no folder '{given}'.");
            return ExitCodes.Failed;
        }
        var folder = new DirectoryInfo(Path.GetFullPath(given));
        var one = File.Exists(Path.Combine(folder.FullName, "agent.yaml")) ? folder.Name : null;
        var root = one is null ? folder : folder.Parent!;
        var services = program.App.Services;
        var loaded = AgentFolder.Load(
            root.FullName, services.GetRequiredService<IToolCatalog>(), time, services.GetRequiredService<IChatModelCatalog>().ProblemOf);
        return loaded switch
        {
            AgentLoadResult.Loaded all => Valid(result, [.. all.Agents.Where(agent => one is null || agent.Name == one)]),
            AgentLoadResult.Invalid invalid => Invalid(result, invalid.Problems, root.Name, one),
            var other => throw new InvalidOperationException($"Unknown load result {other.GetType().Name}."),
        };
    }

    private int Valid(ParseResult result, IReadOnlyList<AgentDefinition> agents)
    {
        if (agents.Count == 0)
        {
            screen.Error("There is no agent in the folder: each has a folder of its own with an agent.yaml.");
            return ExitCodes.Failed;
        }
        foreach (var agent in agents)
        {
            if (result.GetValue(common.Json))
            {
                screen.Json(new { agent = agent.Name, version = agent.Version, tools = agent.Tools.Count, valid = true });
            }
            else
            {
                screen.Line($"{agent.Name} {agent.Version} is valid: {Layout.Count(agent.Tools.Count, "tool")}, {Layout.Count(agent.Permissions.Count, "permission rule")}"
                    + $"{(agent.Playbook is { } playbook ? $", a playbook with {Layout.Count(playbook.Entries.Count, "entry").Replace("entrys", "entries", StringComparison.Ordinal)}" : "")}.");
            }
        }
        return ExitCodes.Completed;
    }

    private int Invalid(ParseResult result, IReadOnlyList<AgentProblem> problems, string root, string? one)
    {
        // Prices belong to every agent.
        var shown = problems.Where(problem => one is null || problem.File.StartsWith($"{root}/{one}/", StringComparison.Ordinal) || !problem.File.Contains($"{root}/", StringComparison.Ordinal)
            || problem.File == $"{root}/prices.yaml").ToList();
        if (shown.Count == 0)
        {
            screen.Error($"{one} itself has no problem, but others in its folder have, and a folder with one bad agent loads none: {screen.Program} validate {root}");
            return ExitCodes.Failed;
        }
        foreach (var problem in shown)
        {
            if (result.GetValue(common.Json))
            {
                screen.Json(new { file = problem.File, line = problem.Line, key = problem.Key, message = problem.Message });
            }
            else
            {
                screen.Raw($"{problem.File}:{problem.Line}", Styles.Strong);
                screen.Raw(problem.Key.Length > 0 ? $"  {problem.Key}" : "", Styles.Warning);
                screen.EndLine();
                screen.Field("", problem.Message, labelWidth: 2);
            }
        }
        if (!result.GetValue(common.Json))
        {
            screen.Line();
            screen.Line($"{Layout.Count(shown.Count, "problem")} in {Layout.Count(shown.Select(problem => problem.File).Distinct().Count(), "file")}; nothing was loaded.", Styles.Bad);
        }
        return ExitCodes.Failed;
    }
}
