using System.Text.RegularExpressions;
using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Agents;

/// <summary>Turns one entry under <c>tools</c> into a contract.</summary>
internal sealed partial class ToolContractReader(YamlSection section, IToolCatalog tools)
{
    private const long MaxMicrosPerCall = 1_000_000_000;

    /// <summary><c>null</c> when the implementation is unknown, because then its arguments are.</summary>
    public ToolContract? Read(string name)
    {
        section.Allow(
            "implementation", "description", "owner", "tier", "timeout", "retry", "idempotent", "side_effects", "auth_scope", "max_calls_per_session",
            "max_calls_per_minute", "resource", "compensation", "irreversible", "log_fields", "cost_usd_per_call", "offered", "polling");
        if (!ToolName().IsMatch(name))
        {
            section.Report($"'{name}' is not a tool name. Allowed: 1 to 64 of a-z, 0-9 and _.");
        }
        var implementation = section.Text("implementation", 128) ?? name;
        if (tools.Find(implementation) is not { } tool)
        {
            var known = tools.Names.Order(StringComparer.Ordinal).ToArray();
            var hint = NearestName.Find(implementation, known) is { } nearest ? $" Did you mean '{nearest}'?" : "";
            section.Report("implementation", $"This host has no implementation '{implementation}'.{hint} Known: {string.Join(", ", known)}.");
            return null;
        }
        return new ToolContract
        {
            Name = name,
            Implementation = implementation,
            Description = section.RequiredText("description"),
            Owner = section.Text("owner", 200) ?? "",
            Tier = ReadTier(),
            Timeout = section.Duration("timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)) ?? ToolContract.DefaultTimeout,
            Retry = section.Section("retry") is { } retry ? ReadRetry(retry) : new ToolRetryPolicy(),
            Idempotent = section.Flag("idempotent", false),
            SideEffects = section.Texts("side_effects"),
            AuthScope = section.Text("auth_scope", 200),
            MaxCallsPerSession = section.Integer("max_calls_per_session", 1, 1000),
            MaxCallsPerMinute = section.Integer("max_calls_per_minute", 1, 100_000),
            ResourceArgument = section.Text("resource", 64),
            Compensation = section.Section("compensation") is { } compensation ? ReadCompensation(compensation) : null,
            Irreversible = section.Flag("irreversible", false),
            LogFields = section.Texts("log_fields"),
            CostMicrosPerCall = section.Usd("cost_usd_per_call", 0, MaxMicrosPerCall) ?? 0,
            Offered = section.Flag("offered", true),
            Polling = section.Flag("polling", false),
            Parameters = tool.ParametersSchema,
        };
    }

    /// <summary>What nothing can take back is destructive, whatever tier stands there; a read that claims so is reported as a contradiction.</summary>
    private ToolTier ReadTier()
    {
        var tier = section.Choice<ToolTier>("tier", "a tier") ?? ToolTier.Destructive;
        return tier != ToolTier.Read && section.Flag("irreversible", false) ? ToolTier.Destructive : tier;
    }

    private static ToolRetryPolicy ReadRetry(YamlSection section)
    {
        section.Allow("attempts", "first_delay");
        var standard = new ToolRetryPolicy();
        return new ToolRetryPolicy
        {
            MaxAttempts = section.Integer("attempts", 1, 10) ?? standard.MaxAttempts,
            FirstDelay = section.Duration("first_delay", TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10)) ?? standard.FirstDelay,
        };
    }

    private static CompensationContract ReadCompensation(YamlSection section)
    {
        section.Allow("tool", "arguments", "instructions");
        return new CompensationContract
        {
            Tool = section.RequiredText("tool", 64),
            Arguments = section.Values("arguments"),
            Instructions = section.RequiredText("instructions"),
        };
    }

    [GeneratedRegex(@"^[a-z0-9_]{1,64}\z")]
    private static partial Regex ToolName();
}
