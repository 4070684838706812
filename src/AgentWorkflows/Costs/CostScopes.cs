using System.Globalization;

namespace AgentWorkflows.Costs;

/// <summary>What the names of scopes tell; see <see cref="CostCaps"/>. Pure.</summary>
internal static class CostScopes
{
    public static string Session(string sessionId) => $"session:{sessionId}";

    public static bool IsSession(string scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return scope.StartsWith("session:", StringComparison.Ordinal);
    }

    /// <summary>Such as <c>session</c> or <c>global-hour</c>; empty for a scope that is none of ours.</summary>
    public static string KindOf(string scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return scope[..Math.Max(0, scope.IndexOf(':', StringComparison.Ordinal))];
    }

    /// <summary>When nothing is reserved in the scope any more; <c>null</c>: it has no end, or is none of ours.</summary>
    public static DateTimeOffset? EndOf(string scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var time = scope[(scope.LastIndexOf(':') + 1)..];
        return KindOf(scope) switch
        {
            "user-day" or "agent-day" => Parse(time, "yyyy-MM-dd")?.AddDays(1),
            "user-month" => Parse(time, "yyyy-MM")?.AddMonths(1),
            "agent-hour" or "global-hour" => Parse(time, "yyyy-MM-ddTHH")?.AddHours(1),
            _ => null,
        };
    }

    private static DateTimeOffset? Parse(string text, string format) =>
        DateTimeOffset.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
