using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using AgentWorkflows.AspNetCore.Problems;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Routing;

/// <summary>Reads query parameters; a wrong one is an answer that names it and what is allowed.</summary>
internal static class Query
{
    public static string? Text(HttpContext context, string name) =>
        context.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    public static bool TryInt(HttpContext context, string name, int least, int most, int otherwise, out int value, [NotNullWhen(false)] out Problem? problem)
    {
        var valid = TryLong(context, name, least, most, otherwise, out var number, out problem);
        value = (int)number;
        return valid;
    }

    public static bool TryLong(
        HttpContext context, string name, long least, long most, long otherwise, out long value, [NotNullWhen(false)] out Problem? problem)
    {
        problem = null;
        value = otherwise;
        if (Text(context, name) is not { } text)
        {
            return true;
        }
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most)
        {
            return true;
        }
        problem = Problem.InvalidQuery(name, $"Must be a whole number from {least} to {most}.");
        return false;
    }

    /// <summary>Enum names, ignoring case, repeated or separated by commas; <c>null</c> when absent.</summary>
    public static bool TryEnums<T>(HttpContext context, string name, out IReadOnlyCollection<T>? values, [NotNullWhen(false)] out Problem? problem)
        where T : struct, Enum
    {
        problem = null;
        values = null;
        var names = context.Request.Query[name].SelectMany(text => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToArray();
        var found = new HashSet<T>();
        foreach (var text in names)
        {
            if (!char.IsAsciiLetter(text[0]) || !Enum.TryParse<T>(text, ignoreCase: true, out var value))
            {
                problem = Problem.InvalidQuery(name, $"Must be of {string.Join(", ", Enum.GetNames<T>())}.");
                return false;
            }
            found.Add(value);
        }
        values = found.Count > 0 ? found : null;
        return true;
    }
}
