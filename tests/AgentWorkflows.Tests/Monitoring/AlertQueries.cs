using System.Text.RegularExpressions;
using AgentWorkflows.Approvals;
using AgentWorkflows.Compensation;
using AgentWorkflows.Costs;
using AgentWorkflows.Guards;
using AgentWorkflows.Telemetry;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Tests.Monitoring;

/// <summary>Reads the queries of the alert rules and says what in them the product does not measure.</summary>
internal static partial class AlertQueries
{
    /// <summary>As the tables' reference of Azure Monitor has them; those the queries use.</summary>
    private static readonly Dictionary<string, string[]> Columns = new(StringComparer.Ordinal)
    {
        ["AppMetrics"] = ["Name", "Sum", "ItemCount", "Min", "Max", "Properties", "TimeGenerated"],
        ["AppDependencies"] = ["Name", "DurationMs", "ItemCount", "Properties", "Success", "TimeGenerated"],
        ["AppRequests"] = ["Name", "DurationMs", "ItemCount", "Success", "Url", "TimeGenerated"],
        ["AppExceptions"] = ["ItemCount", "TimeGenerated"],
    };

    private static readonly Dictionary<string, string[]> Values = new(StringComparer.Ordinal)
    {
        [Attributes.Status] = All<SessionStatus>(),
        [Attributes.ApprovalStatus] = All<ApprovalStatus>(),
        [Attributes.Outcome] = [.. All<ToolFailureKind>(), .. All<CompensationStatus>(), "succeeded"],
        [Attributes.Cap] = [.. CostCaps.For(new SessionRef("s", "a", "h", "u", "t"), new SessionLimits(), new CostCapOptions { AgentPerHourMicros = 1 }, default)
            .Select(cap => CostScopes.KindOf(cap.Scope))],
    };

    /// <summary>The rules of the file, by name.</summary>
    public static Dictionary<string, string> Read(string bicep) =>
        RulePattern().Matches(bicep).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["query"].Value, StringComparer.Ordinal);

    public static IEnumerable<string> Problems(string query)
    {
        var table = query[..query.IndexOf(' ', StringComparison.Ordinal)];
        if (!Columns.TryGetValue(table, out var columns))
        {
            return [$"There is no table {table}."];
        }
        var properties = PropertyPattern().Matches(query).Select(match => match.Groups[1].Value).ToList();
        return [.. UnknownWords(query, columns), .. table switch
        {
            "AppMetrics" => MetricProblems(query, properties),
            "AppDependencies" => SpanProblems(query, properties),
            _ => properties.Select(property => $"{table} has no '{property}'."),
        }, .. ValueProblems(query)];
    }

    private static IEnumerable<string> MetricProblems(string query, IReadOnlyList<string> properties)
    {
        var name = NamePattern().Match(query).Groups[1].Value;
        if (Metrics.All.FirstOrDefault(metric => metric.Name == name) is not { } metric)
        {
            return [$"Nothing measures '{name}'."];
        }
        var wrong = metric.Kind != MetricKind.Histogram && query.Contains("ItemCount", StringComparison.Ordinal) ? [$"Only histograms have a count; {name} is none."] : Array.Empty<string>();
        return [.. wrong, .. properties.Except(metric.Dimensions).Select(property => $"'{name}' has no dimension '{property}'.")];
    }

    private static IEnumerable<string> SpanProblems(string query, IReadOnlyList<string> properties)
    {
        var operation = SpanPattern().Match(query).Groups[1].Value;
        var attributes = typeof(Attributes).GetFields().Select(field => (string)field.GetRawConstantValue()!);
        return
        [
            .. Instruments.SpanNames.All.Contains(operation) ? Array.Empty<string>() : [$"No span begins with '{operation}'."],
            .. properties.Except(attributes).Select(property => $"No span has '{property}'."),
        ];
    }

    /// <summary>Names that are neither columns, nor defined in the query, nor words of the language.</summary>
    private static IEnumerable<string> UnknownWords(string query, IReadOnlyList<string> columns)
    {
        var bare = TextPattern().Replace(InterpolationPattern().Replace(query, "1"), "");
        var defined = DefinitionPattern().Matches(bare).Select(match => match.Groups[1].Value);
        return WordPattern().Matches(bare).Select(match => match.Value).Skip(1).Distinct().Except(columns).Except(defined).Select(word => $"What is '{word}'?");
    }

    private static IEnumerable<string> ValueProblems(string query) =>
        from alias in AliasPattern().Matches(query)
        where Values.ContainsKey(alias.Groups["attribute"].Value)
        let subject = alias.Groups["alias"] is { Success: true, Value: var name } ? Regex.Escape(name) : """tostring\(Properties\["[^"]+"\]\)"""
        from use in Regex.Matches(query, subject + """ (?:==|!=|in) \(?(?<values>"[^)|,]+"(?:, "[^)|,]+")*)""")
        from value in use.Groups["values"].Value.Split(", ").Select(text => text.Trim('"'))
        where !Values[alias.Groups["attribute"].Value].Contains(value)
        select $"'{alias.Groups["attribute"].Value}' is never '{value}'.";

    private static string[] All<TEnum>()
        where TEnum : struct, Enum => [.. Enum.GetValues<TEnum>().Select(SnakeCase.Of)];

    [GeneratedRegex(@"^    name: '(?<name>[^']+)'\r?\n(?:(?!^  \}).)*?^    query: '(?<query>[^']+)'", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex RulePattern();

    [GeneratedRegex("""Properties\["([^"]+)"\]""")]
    private static partial Regex PropertyPattern();

    [GeneratedRegex("""where Name == "([^"]+)""")]
    private static partial Regex NamePattern();

    [GeneratedRegex("""where Name startswith "([^" ]+) """)]
    private static partial Regex SpanPattern();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex TextPattern();

    [GeneratedRegex(@"\$\{[^}]+\}")]
    private static partial Regex InterpolationPattern();

    [GeneratedRegex(@"\b([A-Z]\w*) = ")]
    private static partial Regex DefinitionPattern();

    [GeneratedRegex(@"\b[A-Z]\w*")]
    private static partial Regex WordPattern();

    [GeneratedRegex("""(?:\b(?<alias>\w+) = )?tostring\(Properties\["(?<attribute>[^"]+)"\]\)""")]
    private static partial Regex AliasPattern();
}
