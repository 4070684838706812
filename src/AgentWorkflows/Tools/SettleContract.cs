using System.Text.Json;

namespace AgentWorkflows.Tools;

/// <summary>
/// How it is found out whether a call of which no answer came took effect: a call of a tool that only reads, made by the engine, never by the model. Argument values are literals or
/// <c>$arguments.NAME</c> and <c>$idempotencyKey</c>.
/// </summary>
public sealed record SettleContract
{
    internal static readonly IReadOnlyList<string> DefaultDone = ["true"];
    internal static readonly IReadOnlyList<string> DefaultNotDone = ["false"];

    /// <summary>A tool of the agent of tier <see cref="ToolTier.Read"/>.</summary>
    public required string Tool { get; init; }

    public IReadOnlyDictionary<string, JsonElement> Arguments { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>Where its result says so; a dotted path. Default <c>happened</c>.</summary>
    public string Path { get; init; } = "happened";

    /// <summary>What stands there when the call took effect. Default <c>true</c>.</summary>
    public IReadOnlyList<string> Done { get; init; } = DefaultDone;

    /// <summary>What stands there when it did not. Default <c>false</c>. Anything else says neither.</summary>
    public IReadOnlyList<string> NotDone { get; init; } = DefaultNotDone;

    /// <summary>How long a call may still be under way: that it did not counts only after this. Default: the action's timeout. 0 to 10 min.</summary>
    public TimeSpan? Wait { get; init; }

    internal SettleVerdict Read(JsonElement result)
    {
        var element = result;
        foreach (var name in Path.Split('.'))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return SettleVerdict.CannotTell;
            }
        }
        var text = element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText();
        return Done.Contains(text, StringComparer.Ordinal) ? SettleVerdict.TookEffect
            : NotDone.Contains(text, StringComparer.Ordinal) ? SettleVerdict.DidNot
            : SettleVerdict.CannotTell;
    }
}

/// <summary>What a look at the world says of a call.</summary>
internal enum SettleVerdict
{
    CannotTell,
    TookEffect,
    DidNot,
}
