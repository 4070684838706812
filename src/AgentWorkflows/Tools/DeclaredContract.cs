using System.Reflection;
using System.Text.Json;

namespace AgentWorkflows.Tools;

/// <summary>Reads a contract off a tool's class or method.</summary>
internal static class DeclaredContract
{
    public static ToolContract? Of(MemberInfo member, string name, JsonElement parameters)
    {
        if (member.GetCustomAttribute<ToolAttribute>(inherit: false) is not { } tool)
        {
            return null;
        }
        var retry = new ToolRetryPolicy();
        return new ToolContract
        {
            Name = name,
            Implementation = name,
            Description = tool.Description,
            Owner = tool.Owner,
            Tier = ToolTiers.Of(tool.Tier, tool.Irreversible),
            Timeout = tool.TimeoutSeconds > 0 ? TimeSpan.FromSeconds(tool.TimeoutSeconds) : ToolContract.DefaultTimeout,
            Retry = new ToolRetryPolicy
            {
                MaxAttempts = tool.MaxAttempts > 0 ? tool.MaxAttempts : retry.MaxAttempts,
                FirstDelay = tool.FirstDelaySeconds > 0 ? TimeSpan.FromSeconds(tool.FirstDelaySeconds) : retry.FirstDelay,
            },
            Idempotent = tool.Idempotent,
            SideEffects = tool.SideEffects,
            AuthScope = tool.AuthScope,
            MaxCallsPerSession = tool.MaxCallsPerSession > 0 ? tool.MaxCallsPerSession : null,
            MaxCallsPerMinute = tool.MaxCallsPerMinute > 0 ? tool.MaxCallsPerMinute : null,
            ResourceArgument = tool.Resource,
            Compensation = member.GetCustomAttribute<CompensatedByAttribute>(inherit: false) is { } undo ? CompensationOf(undo) : null,
            Settle = member.GetCustomAttribute<SettledByAttribute>(inherit: false) is { } settle ? SettleOf(settle) : null,
            Irreversible = tool.Irreversible,
            LogFields = tool.LogFields,
            CostMicrosPerCall = tool.CostMicrosPerCall,
            Polling = tool.Polling,
            Unordered = tool.Unordered,
            Offered = tool.Offered,
            Labels = tool.Labels,
            MaySee = tool.MaySee,
            Parameters = parameters,
        };
    }

    public static CompensationContract CompensationOf(CompensatedByAttribute undo) => new()
    {
        Tool = undo.Tool,
        Instructions = undo.Instructions,
        Arguments = ArgumentsOf(undo.Arguments),
    };

    public static SettleContract SettleOf(SettledByAttribute settle) => new()
    {
        Tool = settle.Tool,
        Arguments = ArgumentsOf(settle.Arguments),
        Path = settle.Path,
        Done = settle.Done.Length > 0 ? settle.Done : SettleContract.DefaultDone,
        NotDone = settle.NotDone.Length > 0 ? settle.NotDone : SettleContract.DefaultNotDone,
        Wait = settle.WaitSeconds > 0 ? TimeSpan.FromSeconds(settle.WaitSeconds) : null,
    };

    private static Dictionary<string, JsonElement> ArgumentsOf(IEnumerable<string> arguments) => arguments.Select(argument => argument.Split('=', 2)).ToDictionary(
        parts => parts[0], parts => JsonSerializer.SerializeToElement(parts.Length > 1 ? parts[1] : ""), StringComparer.Ordinal);
}
