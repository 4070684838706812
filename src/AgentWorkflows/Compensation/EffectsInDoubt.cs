using AgentWorkflows.Tools;

namespace AgentWorkflows.Compensation;

/// <summary>What was found out about a call of which no answer came.</summary>
/// <param name="By">The tool that looked, or the person who said so.</param>
internal sealed record Settlement(ActionOutcome Action, string By, bool ByPerson)
{
    /// <summary>Nobody could say.</summary>
    public static readonly Settlement Open = new(ActionOutcome.Unknown, "", ByPerson: false);
}

/// <summary>Which actions of a session may have taken effect, and nobody knows; and what is said of them. Pure.</summary>
internal static class EffectsInDoubt
{
    /// <summary>Without those whose same call, under the same key, succeeded later: that has settled what the first one left open.</summary>
    public static IReadOnlyList<CompensationEntry> Of(IReadOnlyList<CompensationEntry> stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        var settled = stack.Where(entry => entry.Action == ActionOutcome.Done).Select(entry => entry.IdempotencyKey).ToHashSet(StringComparer.Ordinal);
        return [.. stack.Where(entry => entry.Action == ActionOutcome.Unknown && !settled.Contains(entry.IdempotencyKey))];
    }

    /// <summary>For the person who is asked.</summary>
    public static string Question(string tool) =>
        $"'{tool}' gave no answer, and it is not known whether it took effect. Look where it works, then: approve if it did, reject if it did not. This decides what the session "
        + "goes on with; it makes no call.";

    /// <summary>
    /// What the model reads of a writing call that gave no good answer. What a tool itself advises holds for the same key only, and the model has no say over keys: it is left out.
    /// </summary>
    /// <param name="message">Of the failure.</param>
    public static (string Message, string Suggestion) Told(string? message, ActionOutcome action, Settlement? settlement) => action switch
    {
        ActionOutcome.Done => ($"{Ended(message)}{Source(settlement)} It took effect all the same; only its answer is missing.",
            "Do not make it again. Say that it was done; what only its answer would tell is not known."),
        ActionOutcome.NotDone => ($"{Ended(message)}{Source(settlement)} It did not take effect.", "It may be made again if it is still wanted."),
        _ => ($"{Ended(message)} It is not known whether it took effect.",
            "Do not make it again, in no other way either. Say that it is not known whether it was done: neither that it was, nor that it was not."),
    };

    private static string Source(Settlement? settlement) => settlement switch
    {
        { ByPerson: true } => " A person has looked.",
        { By.Length: > 0 } => $" {settlement.By} has looked.",
        _ => "",
    };

    private static string Ended(string? message) => string.IsNullOrWhiteSpace(message) ? "The call gave no answer." : message.TrimEnd();
}
