using System.Text.RegularExpressions;
using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Agents;

/// <summary>Turns one entry under <c>tools</c>, on top of what the tool's code declares, into a contract.</summary>
internal sealed partial class ToolContractReader(YamlSection section, IToolCatalog tools)
{
    private const long MaxMicrosPerCall = 1_000_000_000;

    /// <summary><c>null</c> when the implementation is unknown, because then its arguments are.</summary>
    public ToolContract? Read(string name)
    {
        section.Allow(
            "implementation", "description", "owner", "tier", "timeout", "retry", "idempotent", "side_effects", "auth_scope", "max_calls_per_session",
            "max_calls_per_minute", "resource", "compensation", "settle", "irreversible", "log_fields", "cost_usd_per_call", "offered", "polling", "unordered", "parameters");
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
        var declared = tool.Contract;
        var standard = declared ?? new ToolContract { Name = name, Implementation = implementation, Description = "", Parameters = tool.ParametersSchema };
        return standard with
        {
            Name = name,
            Implementation = implementation,
            Description = declared is null ? section.RequiredText("description") : section.Text("description") ?? declared.Description,
            Owner = section.Text("owner", 200) ?? standard.Owner,
            Tier = ReadTier(declared),
            Timeout = section.Duration("timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)) ?? standard.Timeout,
            Retry = section.Section("retry") is { } retry ? ReadRetry(retry, standard.Retry) : standard.Retry,
            Idempotent = section.Flag("idempotent", standard.Idempotent),
            SideEffects = Texts("side_effects", standard.SideEffects),
            AuthScope = section.Text("auth_scope", 200) ?? standard.AuthScope,
            MaxCallsPerSession = section.Integer("max_calls_per_session", 1, 1000) ?? standard.MaxCallsPerSession,
            MaxCallsPerMinute = section.Integer("max_calls_per_minute", 1, 100_000) ?? standard.MaxCallsPerMinute,
            ResourceArgument = section.Text("resource", 64) ?? standard.ResourceArgument,
            Compensation = section.Section("compensation") is { } compensation ? ReadCompensation(compensation) : standard.Compensation,
            Settle = section.Section("settle") is { } settle ? ReadSettle(settle) : standard.Settle,
            Irreversible = section.Flag("irreversible", standard.Irreversible),
            LogFields = Texts("log_fields", standard.LogFields),
            CostMicrosPerCall = section.Usd("cost_usd_per_call", 0, MaxMicrosPerCall) ?? standard.CostMicrosPerCall,
            Offered = section.Flag("offered", standard.Offered),
            Polling = section.Flag("polling", standard.Polling),
            Unordered = Texts("unordered", standard.Unordered),
            Parameters = ParametersReader.Read(section, tool),
        };
    }

    private IReadOnlyList<string> Texts(string key, IReadOnlyList<string> standard) => section.Has(key) ? section.Texts(key) : standard;

    /// <summary>
    /// A tier that stands in the code can be raised here, not lowered.
    /// </summary>
    private ToolTier ReadTier(ToolContract? declared)
    {
        var tier = section.Choice<ToolTier>("tier", "a tier") ?? declared?.Tier ?? ToolTier.Destructive;
        if (declared is not null && tier < declared.Tier)
        {
            section.Report("tier", $"The tool's code says '{SnakeCase.Of(declared.Tier)}'; this file may raise the tier, not lower it.");
        }
        return ToolTiers.Of(tier, section.Flag("irreversible", declared?.Irreversible ?? false));
    }

    private static ToolRetryPolicy ReadRetry(YamlSection section, ToolRetryPolicy standard)
    {
        section.Allow("attempts", "first_delay");
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

    private static SettleContract ReadSettle(YamlSection section)
    {
        section.Allow("tool", "arguments", "path", "done", "not_done", "wait");
        var standard = new SettleContract { Tool = section.RequiredText("tool", 64) };
        return standard with
        {
            Arguments = section.Values("arguments"),
            Path = section.Text("path", 200) ?? standard.Path,
            Done = section.Has("done") ? section.Texts("done", anyScalar: true) : standard.Done,
            NotDone = section.Has("not_done") ? section.Texts("not_done", anyScalar: true) : standard.NotDone,
            Wait = section.Duration("wait", TimeSpan.Zero, TimeSpan.FromMinutes(10)),
        };
    }

    [GeneratedRegex(@"^[a-z0-9_]{1,64}\z")]
    private static partial Regex ToolName();
}
