using System.Globalization;

namespace OrderDesk;

/// <summary>Aids for fault injection; without the environment variables nothing is slowed down and nothing fails.</summary>
internal sealed record OrderDeskOptions
{
    /// <summary>Such as <c>issue_refund=2000,reverse_refund=2000</c>: milliseconds to wait after the tool's effect is durable and before it answers, so that
    /// a process can be killed in between. 0 to 600,000.</summary>
    public const string DelayVariable = "AGENTWORKFLOWS_ORDER_DESK_DELAY";

    /// <summary>Such as <c>send_message,add_note</c>: tools that answer a permanent failure and change nothing.</summary>
    public const string FailVariable = "AGENTWORKFLOWS_ORDER_DESK_FAIL";

    private const int MaxDelayMilliseconds = 600_000;

    public IReadOnlyDictionary<string, TimeSpan> Delays { get; init; } = new Dictionary<string, TimeSpan>();

    public IReadOnlySet<string> Failing { get; init; } = new HashSet<string>();

    /// <exception cref="FormatException">A variable is malformed; the message names it and says what is allowed.</exception>
    public static OrderDeskOptions FromEnvironment(Func<string, string?> read) => new()
    {
        Delays = Split(read(DelayVariable)).Select(ParseDelay).ToDictionary(StringComparer.Ordinal),
        Failing = Split(read(FailVariable)).ToHashSet(StringComparer.Ordinal),
    };

    private static string[] Split(string? text) =>
        (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static KeyValuePair<string, TimeSpan> ParseDelay(string item) =>
        item.Split('=') is [var tool, var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds <= MaxDelayMilliseconds
            ? new(tool, TimeSpan.FromMilliseconds(milliseconds))
            : throw new FormatException(
                $"{DelayVariable}: '{item}' is not allowed. Write TOOL=MILLISECONDS, 0 to {MaxDelayMilliseconds}, such as issue_refund=2000.");
}
