using System.Text.RegularExpressions;
using AgentWorkflows.Agents.Sources;
using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Sources;
using AgentWorkflows.Words;

namespace AgentWorkflows.Agents;

/// <summary>Turns one entry under <c>tools</c>, on top of what the tool's code declares, into a contract.</summary>
internal sealed partial class ToolContractReader(YamlSection section, IToolCatalog tools)
{
    private const long MaxMicrosPerCall = 1_000_000_000;

    /// <summary>The source that has the tool, when it was not reached.</summary>
    public ToolSourceState? Missing { get; private set; }

    /// <summary><c>null</c> when the implementation is unknown, because then its arguments are.</summary>
    public ToolContract? Read(string name)
    {
        section.Allow(
            "implementation", "description", "owner", "tier", "timeout", "retry", "idempotent", "side_effects", "auth_scope", "max_calls_per_session",
            "max_calls_per_minute", "resource", "compensation", "settle", "irreversible", "log_fields", "cost_usd_per_call", "offered", "polling", "unordered", "labels", "may_see", "parameters");
        if (!ToolName().IsMatch(name))
        {
            section.Report($"'{name}' is not a tool name. Allowed: 1 to 64 of a-z, 0-9 and _.");
        }
        var implementation = section.Text("implementation", 128) ?? name;
        if (tools.Find(implementation) is not { } tool)
        {
            ReportUnknown(implementation);
            return null;
        }
        var declared = tool.Contract;
        var outside = (tool as IOutsideTool)?.Definition;
        var standard = outside is null ? declared : OutsideContract.Of(outside, name, tool, section);
        standard ??= new ToolContract { Name = name, Implementation = implementation, Description = "", Parameters = tool.ParametersSchema };
        return standard with
        {
            Name = name,
            Implementation = implementation,
            Description = declared is null && standard.Description.Length == 0 ? section.RequiredText("description") : section.Text("description") ?? standard.Description,
            Owner = section.Text("owner", 200) ?? standard.Owner,
            Tier = ReadTier(declared, outside, standard),
            Timeout = section.Duration("timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)) ?? standard.Timeout,
            Retry = section.Section("retry") is { } retry ? ReadRetry(retry, standard.Retry) : standard.Retry,
            Idempotent = ReadIdempotent(outside, standard),
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
            Labels = ReadLabels(tool.Labels | standard.Labels),
            MaySee = standard.MaySee | (section.Choices<SeenLabel>("may_see", "a label that has to be allowed").Any() ? DataLabels.Confidential : DataLabels.None),
            Parameters = ParametersReader.Read(section, tool),
        };
    }

    private IReadOnlyList<string> Texts(string key, IReadOnlyList<string> standard) => section.Has(key) ? section.Texts(key) : standard;

    /// <summary>A tier that stands in the code can be raised here, not lowered; what a source says of itself only raises.</summary>
    private ToolTier ReadTier(ToolContract? declared, ToolDefinition? outside, ToolContract standard)
    {
        var tier = section.Choice<ToolTier>("tier", "a tier") ?? standard.Tier;
        if (declared is not null && tier < declared.Tier)
        {
            section.Report("tier", $"The tool's code says '{SnakeCase.Of(declared.Tier)}'; this file may raise the tier, not lower it.");
        }
        if (outside is not null && tier == ToolTier.Read && outside.LeastTier > ToolTier.Read)
        {
            section.Report("tier", $"The source says itself that '{outside.Name}' changes something, so it is not 'read'. Choose write_safe, write_risky or destructive.");
        }
        return ToolTiers.Of(outside is not null && tier < outside.LeastTier ? outside.LeastTier : tier, section.Flag("irreversible", standard.Irreversible));
    }

    private bool ReadIdempotent(ToolDefinition? outside, ToolContract standard)
    {
        var idempotent = section.Flag("idempotent", standard.Idempotent);
        if (idempotent && section.Shape is null && outside is { NeverIdempotent: true })
        {
            section.Report("idempotent", $"The source says itself that a second call of '{outside.Name}' makes a second effect. Remove this.");
        }
        return idempotent;
    }

    private void ReportUnknown(string implementation)
    {
        if (tools.OwnerOf(implementation) is { } owner)
        {
            if (!owner.HasTools)
            {
                Missing = owner;
                return;
            }
            var own = owner.Tools.Select(tool => tool.Name).Order(StringComparer.Ordinal).ToArray();
            section.Report("implementation", $"The {owner.Kind} source '{owner.Name}' has no tool '{implementation}'.{Hint(implementation, own)} It has: {string.Join(", ", own)}.");
            return;
        }
        var known = tools.Names.Order(StringComparer.Ordinal).ToArray();
        section.Report("implementation", $"This host has no implementation '{implementation}'.{Hint(implementation, known)} Known: {string.Join(", ", known)}.");
    }

    private static string Hint(string implementation, string[] known) => NearestName.Find(implementation, known) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    private DataLabels ReadLabels(DataLabels source)
    {
        var labels = section.Choices<ResultLabel>("labels", "a label").ToHashSet();
        if (labels.IsSupersetOf([ResultLabel.Trusted, ResultLabel.Untrusted]))
        {
            section.Report("labels", "Results are trusted or untrusted, not both. Remove one of them.");
        }
        var file = (labels.Contains(ResultLabel.Untrusted) ? DataLabels.Untrusted : DataLabels.None)
            | (labels.Contains(ResultLabel.Confidential) ? DataLabels.Confidential : DataLabels.None);
        return LabelRule.Of(source, file, labels.Contains(ResultLabel.Trusted));
    }

    /// <summary>What a file may say of results.</summary>
    private enum ResultLabel
    {
        Untrusted,
        Confidential,

        /// <summary>A person vouches for what is untrusted by its source.</summary>
        Trusted,
    }

    private enum SeenLabel
    {
        Confidential,
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
            Done = section.Has("done") ? section.Scalars("done") : standard.Done,
            NotDone = section.Has("not_done") ? section.Scalars("not_done") : standard.NotDone,
            Wait = section.Duration("wait", TimeSpan.Zero, TimeSpan.FromMinutes(10)),
        };
    }

    [GeneratedRegex(@"^[a-z0-9_]{1,64}\z")]
    private static partial Regex ToolName();
}
