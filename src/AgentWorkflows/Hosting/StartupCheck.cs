using AgentWorkflows.Agents;
using AgentWorkflows.Hosting.Settings;
using AgentWorkflows.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentWorkflows.Hosting;

/// <summary>What the product cannot run without.</summary>
/// <param name="What">In words, such as <c>the session store</c>.</param>
/// <param name="ToDo">What adds it.</param>
internal sealed record RequiredService(Type Type, string What, string ToDo);

/// <summary>What a host finds wrong with agents that load; each problem names the agent, what is allowed and what to do.</summary>
internal delegate IReadOnlyList<string> AgentCheck(IEnumerable<AgentDefinition> agents);

/// <summary>Stands for the check in the host's validation at start.</summary>
internal sealed class StartupCheckOptions;

/// <summary>
/// What is wrong with how the product was put together, told before anything runs: services that are missing, settings that nobody reads, tools that cannot be made,
/// agents that do not load. All of it at once, as far as one problem does not hide another.
/// </summary>
internal sealed class StartupCheck(
    IServiceProvider services, IServiceProviderIsService registered, SettingsSources settings, IEnumerable<SettingsKey> keys, IEnumerable<RequiredService> required,
    IEnumerable<ProgramTools> tools, IEnumerable<AgentCheck> checks) : IValidateOptions<StartupCheckOptions>
{
    public ValidateOptionsResult Validate(string? name, StartupCheckOptions options)
    {
        var problems = Problems();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    internal IReadOnlyList<string> Problems()
    {
        List<string> problems =
        [
            .. settings.Problems,
            .. settings.Unknown(keys),
            .. required.Where(service => !registered.IsService(service.Type)).DistinctBy(service => service.Type).Select(service => $"There is no {service.Type.Name} ({service.What}). {service.ToDo}"),
            .. tools.Select(ToolProblem).OfType<string>(),
        ];
        // Agents name tools: while those cannot be made, what is said about agents would be about the wrong thing.
        if (problems.Count == 0)
        {
            problems.AddRange(AgentProblems());
        }
        return problems;
    }

    /// <summary>An object of it is made as for a call, and thrown away.</summary>
    private string? ToolProblem(ProgramTools source)
    {
        if (source.Type is not { } type)
        {
            return null;
        }
        try
        {
            using var scope = services.CreateScope();
            var made = scope.ServiceProvider.GetRequiredService(type);
            return made is ITool tool && ToolDescription.Of(type) is { } described && described.Name != tool.Name
                ? $"The tool {type.Name} calls itself '{tool.Name}' in its constructor, but '{described.Name}' by its type. Write [Tool(…, Name = \"{tool.Name}\")] on it."
                : null;
        }
        catch (OptionsValidationException)
        {
            // What it takes reads settings, and what is wrong with those is told by their own validation.
            return null;
        }
        catch (InvalidOperationException exception)
        {
            return $"The tool {type.Name} cannot be made: {exception.Message} Register what it needs before the host is built.";
        }
    }

    private IReadOnlyList<string> AgentProblems()
    {
        try
        {
            var agents = services.GetRequiredService<IAgentCatalog>().Agents;
            return [.. checks.SelectMany(check => check(agents))];
        }
        catch (OptionsValidationException)
        {
            return [];
        }
        catch (AgentsInvalidException exception)
        {
            return exception.Problems;
        }
        catch (ArgumentException exception)
        {
            // Two tools of one name.
            return [exception.Message];
        }
    }
}
