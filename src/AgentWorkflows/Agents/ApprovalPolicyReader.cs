using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Approvals;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Permissions;

namespace AgentWorkflows.Agents;

/// <summary>Reads an agent's <c>approvals</c> and reports terms that nobody could fulfil.</summary>
internal sealed class ApprovalPolicyReader(YamlSection section, IReadOnlyList<ToolContract> tools)
{
    private const int MaxGroups = 50;
    private const int MaxMembers = 20;
    private const int MaxRules = 100;
    private const int MaxSteps = 5;
    private const int MaxNameLength = 64;
    private static readonly string[] TermKeys = ["required", "approvers", "self_approval", "timeout", "on_timeout", "reminders", "escalation"];
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    private Dictionary<string, IReadOnlyList<string>> _groups = [];

    public static ApprovalPolicy Read(YamlSection root, IReadOnlyList<ToolContract> tools) =>
        root.Section("approvals") is { } section ? new ApprovalPolicyReader(section, tools).Read() : new ApprovalPolicy();

    private ApprovalPolicy Read()
    {
        section.Allow(["tiers", "groups", "rules", .. TermKeys]);
        _groups = ReadGroups();
        var terms = ReadTerms(section, new ApprovalTerms());
        if (terms.Required == 0)
        {
            section.Report("required", "0 is for rules. To ask about nothing, write 'tiers: []'.");
        }
        var rules = section.Items("rules").Select(rule => ReadRule(rule, terms)).ToList();
        if (rules.Count > MaxRules)
        {
            section.Report("rules", $"There are {rules.Count} rules; at most {MaxRules} are allowed. Patterns with * cover more at once.");
        }
        return new ApprovalPolicy
        {
            Tiers = section.Has("tiers") ? Tiers(section) : new ApprovalPolicy().Tiers,
            Groups = _groups,
            Terms = terms,
            Rules = rules,
        };
    }

    private Dictionary<string, IReadOnlyList<string>> ReadGroups()
    {
        var groups = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (section.Section("groups") is not { } listed)
        {
            return groups;
        }
        foreach (var name in listed.Keys)
        {
            List<string> members = [.. listed.Texts(name).Select(Approver.Normalize)];
            if (members.Count is 0 or > MaxMembers || members.Distinct(StringComparer.Ordinal).Count() != members.Count
                || members.Any(member => member.Length is 0 or > Approver.MaxLength))
            {
                listed.Report(name, $"A group is a list of 1 to {MaxMembers} different people, by the names they decide under, such as e-mail addresses.");
            }
            groups[name] = members;
        }
        if (groups.Count > MaxGroups || groups.Keys.Any(name => name.Length is 0 or > MaxNameLength))
        {
            section.Report("groups", $"At most {MaxGroups} groups are allowed, with names of 1 to {MaxNameLength} characters.");
        }
        return groups;
    }

    private ApprovalRule ReadRule(YamlSection rule, ApprovalTerms standard)
    {
        rule.Allow(["tiers", "tools", "argument", "above", "at_most", "cost_above", .. TermKeys]);
        var read = new ApprovalRule
        {
            Tiers = Tiers(rule),
            Tools = rule.Texts("tools"),
            Argument = ReadThreshold(rule),
            CostAboveMicros = rule.Usd("cost_above", 0, 1_000_000_000_000),
            Terms = ReadTerms(rule, standard),
        };
        if (read.CostAboveMicros is not null && read.Terms.Required == 0)
        {
            rule.Report("required", "Having spent more cannot spare a call its approval.");
        }
        CheckTools(rule, read);
        return read;
    }

    private void CheckTools(YamlSection rule, ApprovalRule read)
    {
        foreach (var pattern in read.Tools.Where(pattern => pattern != "*" && !tools.Any(tool => Wildcard.Matches(pattern, tool.Name))))
        {
            rule.Report("tools", $"'{pattern}' matches no tool of this agent. Its tools: {string.Join(", ", tools.Where(tool => tool.Offered).Select(tool => tool.Name))}.");
        }
        if (read.Argument is { } argument && tools.Where(tool => read.Tools.Any(pattern => Wildcard.Matches(pattern, tool.Name))) is var covered
            && covered.FirstOrDefault(tool => !HasArgument(tool, argument.Name)) is { } without)
        {
            rule.Report("argument", $"'{without.Name}' has no argument '{argument.Name}'.");
        }
    }

    private static bool HasArgument(ToolContract tool, string name) =>
        tool.Parameters.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out _);

    private static ArgumentThreshold? ReadThreshold(YamlSection rule)
    {
        var bounds = rule.Has("above") || rule.Has("at_most");
        if (rule.Text("argument", MaxNameLength) is not { } name)
        {
            if (bounds)
            {
                rule.Report("argument", "This key is required beside 'above' and 'at_most': it names the argument they bound.");
            }
            return null;
        }
        if (!bounds)
        {
            rule.Report("argument", "Give a bound: 'above', 'at_most' or both.");
        }
        if (!rule.Has("tools"))
        {
            rule.Report("tools", "This key is required beside 'argument': it names the tools that have the argument.");
        }
        return new ArgumentThreshold(name) { Above = Bound(rule, "above"), AtMost = Bound(rule, "at_most") };
    }

    private static decimal? Bound(YamlSection rule, string key) => rule.Number(key, 0, 1_000_000_000_000) is { } number ? (decimal)number : null;

    private ApprovalTerms ReadTerms(YamlSection from, ApprovalTerms standard)
    {
        var terms = new ApprovalTerms
        {
            Required = from.Integer("required", 0, ApprovalTerms.MaxRequired) ?? standard.Required,
            Approvers = from.Has("approvers") ? Groups(from) : standard.Approvers,
            SelfApproval = from.Flag("self_approval", standard.SelfApproval),
            Timeout = from.Duration("timeout", Shortest, Longest) ?? standard.Timeout,
            OnTimeout = from.Choice<TimeoutMeaning>("on_timeout", "what a timeout can mean") ?? standard.OnTimeout,
            Reminders = from.Has("reminders") ? Reminders(from) : standard.Reminders,
            Escalation = from.Has("escalation") ? Escalation(from) : standard.Escalation,
        };
        return Checked(from, terms);
    }

    private ApprovalTerms Checked(YamlSection from, ApprovalTerms terms)
    {
        IReadOnlyList<TimeSpan> escalations = [.. terms.Escalation.Select(step => step.After)];
        foreach (var (key, times) in new[] { ("reminders", terms.Reminders), ("escalation", escalations) })
        {
            if (times.Count > MaxSteps || times.Zip(times.Skip(1)).Any(pair => pair.First >= pair.Second) || times.Any(time => time >= terms.Timeout))
            {
                from.Report(key, $"At most {MaxSteps}, each later than the one before and earlier than the timeout.");
            }
        }
        var people = terms.Approvers.Concat(terms.Escalation.SelectMany(step => step.Approvers))
            .SelectMany(group => _groups.GetValueOrDefault(group) ?? []).Distinct(StringComparer.Ordinal).Count();
        if (terms.Approvers.Count > 0 && people > 0 && people < terms.Required)
        {
            from.Report(from.Has("required") ? "required" : "approvers", $"{terms.Required} different people have to approve, but only {people} may.");
        }
        return terms;
    }

    private IReadOnlyList<string> Groups(YamlSection from)
    {
        var names = from.Texts("approvers");
        foreach (var name in names.Where(name => !_groups.ContainsKey(name)))
        {
            var known = _groups.Count > 0 ? $"Groups: {string.Join(", ", _groups.Keys)}." : "There are no groups; add 'groups' to 'approvals'.";
            from.Report("approvers", $"'{name}' is not a group. {known}");
        }
        return names;
    }

    private static IReadOnlyList<TimeSpan> Reminders(YamlSection from) =>
        [.. from.Texts("reminders").Select(text => from.Duration("reminders", text, Shortest, Longest)).OfType<TimeSpan>()];

    private List<EscalationStep> Escalation(YamlSection from)
    {
        var steps = new List<EscalationStep>();
        foreach (var item in from.Items("escalation"))
        {
            item.Allow("after", "approvers");
            if (!item.Has("after") || !item.Has("approvers"))
            {
                item.Report("A step needs 'after' and 'approvers'.");
            }
            steps.Add(new EscalationStep(item.Duration("after", Shortest, Longest) ?? Shortest, Groups(item)));
        }
        return steps;
    }

    private static IReadOnlyList<ToolTier> Tiers(YamlSection from) =>
        from.Choices<ToolTier>("tiers", "a tier");
}
