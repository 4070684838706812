using System.Text.RegularExpressions;
using AgentWorkflows.Agents.Sources;
using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Compensation;
using AgentWorkflows.Costs;
using AgentWorkflows.Guards;
using AgentWorkflows.Screening;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Sources;

namespace AgentWorkflows.Agents;

/// <summary>Turns one <c>agent.yaml</c> into a definition, reporting what is wrong to its file.</summary>
internal sealed partial class AgentReader(YamlFile file, string folder, IToolCatalog tools, IReadOnlyDictionary<string, ModelPrice> prices, Func<string, string?>? endpointProblem = null)
{
    private static readonly string[] Keys =
        ["name", "version", "description", "instructions", "models", "tools", "permissions", "limits", "approvals", "rollback", "required_context", "screening"];

    private const int MaxInstructionsLength = 100_000;

    private readonly List<ToolSourceState> _missing = [];

    /// <summary>Sources that own tools of the agent and were not reached: what depends on those tools could not be read.</summary>
    public IReadOnlyList<ToolSourceState> Missing => _missing;

    /// <summary>It has tools of sources, or names sources.</summary>
    public bool UsesSources { get; private set; }

    /// <summary>The definition as far as it could be read; <c>null</c> when the file is no YAML map.</summary>
    public AgentDefinition? Read()
    {
        if (YamlSection.Root(file) is not { } root)
        {
            return null;
        }
        root.Allow([.. Keys, .. SourceReader.Keys]);
        UsesSources = SourceReader.Read(root).Count > 0;
        var contracts = ReadTools(root);
        var models = new ModelRouteReader(prices, endpointProblem);
        var agent = new AgentDefinition
        {
            Name = ReadName(root),
            Version = root.RequiredText("version", 64),
            Description = root.Text("description") ?? "",
            Instructions = root.RequiredText("instructions", MaxInstructionsLength),
            Models = models.Read(root),
            ConfidentialModels = models.ReadConfidential(root),
            Tools = contracts,
            Permissions = PermissionReader.Read(root, contracts),
            Limits = root.Section("limits") is { } limits ? ReadLimits(limits) : new SessionLimits(),
            Approvals = ApprovalPolicyReader.Read(root, contracts),
            Rollback = root.Section("rollback") is { } rollback ? ReadRollback(rollback) : new RollbackPolicy(),
            Screening = root.Section("screening") is { } screening ? ReadScreening(screening) : new ScreeningPolicy(),
            Prices = prices,
        };
        return root.Has("required_context") ? agent with { RequiredContext = root.Texts("required_context") } : agent;
    }

    private string ReadName(YamlSection root)
    {
        var name = root.RequiredText("name");
        if (name.Length > 0 && !AgentName().IsMatch(name))
        {
            root.Report("name", $"'{name}' is not a name. Allowed: 1 to 64 of a-z, 0-9 and -.");
        }
        else if (name.Length > 0 && name != folder)
        {
            root.Report("name", $"'{name}' is not the name of its folder. Write '{folder}', or rename the folder.");
        }
        return name;
    }

    private List<ToolContract> ReadTools(YamlSection root)
    {
        var contracts = new List<(ToolContract Contract, YamlSection Section)>();
        var declared = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, section) in root.Sections("tools"))
        {
            declared.Add(name);
            UsesSources |= tools.OwnerOf(section.Text("implementation", 128) ?? name) is not null;
            var reader = new ToolContractReader(section, tools);
            if (reader.Read(name) is { } contract)
            {
                contracts.Add((contract, section));
            }
            else if (reader.Missing is { } missing && _missing.All(known => known.Name != missing.Name))
            {
                _missing.Add(missing);
            }
        }
        if (declared.Count == 0)
        {
            root.Report("tools", "This key is required, with at least one tool.");
        }
        List<ToolContract> read = [.. contracts.Select(item => item.Contract)];
        foreach (var (contract, section) in contracts)
        {
            ToolRules.Check(contract, tools.Find(contract.Implementation), section);
            CompensationRules.Check(contract, section, read, declared);
            SettleRules.Check(contract, section, read, declared);
        }
        return read;
    }

    private static SessionLimits ReadLimits(YamlSection section)
    {
        section.Allow("max_iterations", "max_tool_calls", "max_tokens", "max_age", "max_retries", "max_cost_usd", "max_burn_usd_per_hour");
        var standard = new SessionLimits();
        return new SessionLimits
        {
            MaxIterations = section.Integer("max_iterations", 1, 1000) ?? standard.MaxIterations,
            MaxToolCalls = section.Integer("max_tool_calls", 0, 1000) ?? standard.MaxToolCalls,
            MaxTokens = section.Integer("max_tokens", 1, 10_000_000) ?? standard.MaxTokens,
            MaxAge = section.Duration("max_age", TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)) ?? standard.MaxAge,
            MaxRetries = section.Integer("max_retries", 0, 100) ?? standard.MaxRetries,
            MaxBurnMicrosPerHour = section.Usd("max_burn_usd_per_hour", 1, 1_000_000_000_000) ?? standard.MaxBurnMicrosPerHour,
            MaxCostMicros = section.Usd("max_cost_usd", 1, 1_000_000_000_000) ?? standard.MaxCostMicros,
        };
    }

    private static ScreeningPolicy ReadScreening(YamlSection section)
    {
        section.Allow("injection", "output");
        var standard = new ScreeningPolicy();
        return new ScreeningPolicy
        {
            Injection = section.Choice<InjectionPolicy>("injection", "a policy") ?? standard.Injection,
            Output = section.Choice<OutputPolicy>("output", "a policy") ?? standard.Output,
        };
    }

    private static RollbackPolicy ReadRollback(YamlSection section)
    {
        section.Allow("on_failure", "on_halt", "on_rejection", "retention");
        var standard = new RollbackPolicy();
        return new RollbackPolicy
        {
            OnFailure = section.Flag("on_failure", standard.OnFailure),
            OnHalt = section.Flag("on_halt", standard.OnHalt),
            OnRejection = section.Flag("on_rejection", standard.OnRejection),
            Retention = section.Duration("retention", TimeSpan.FromMinutes(1), TimeSpan.FromDays(365)) ?? standard.Retention,
        };
    }

    [GeneratedRegex(@"^[a-z0-9-]{1,64}\z")]
    private static partial Regex AgentName();
}
