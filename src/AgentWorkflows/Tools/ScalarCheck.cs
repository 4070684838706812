using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentWorkflows.Tools;

/// <summary>The keywords of JSON schema that apply to one text or number. Pure.</summary>
internal static class ScalarCheck
{
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromMilliseconds(100);

    /// <summary>False for text that is no Unicode, such as half of a surrogate pair.</summary>
    public static bool TryRead(JsonElement value, out string text)
    {
        try
        {
            text = value.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }

    public static void Text(JsonElement schema, JsonElement value, string path, List<ArgumentProblem> problems)
    {
        if (!TryRead(value, out var text))
        {
            ArgumentCheck.Add(problems, path, "is not valid Unicode text.");
            return;
        }
        var length = Length(text);
        if (ArgumentCheck.Bound(schema, "minLength") is { } min && length < min)
        {
            ArgumentCheck.Add(problems, path, $"must be at least {min} characters long.");
        }
        if (ArgumentCheck.Bound(schema, "maxLength") is { } max && length > max)
        {
            ArgumentCheck.Add(problems, path, $"must be at most {max} characters long, not {length}.");
            return;
        }
        if (schema.TryGetProperty("pattern", out var pattern) && !Matches(text, pattern.GetString()!))
        {
            ArgumentCheck.Add(problems, path, $"must match the pattern {pattern.GetString()}.");
        }
        if (schema.TryGetProperty("format", out var format) && !TextFormat.Matches(format.GetString()!, text))
        {
            ArgumentCheck.Add(problems, path, $"must be {TextFormat.Describe(format.GetString()!)}.");
        }
    }

    public static void Number(JsonElement schema, JsonElement value, string path, List<ArgumentProblem> problems)
    {
        if (!value.TryGetDecimal(out var number))
        {
            ArgumentCheck.Add(problems, path, "is a number out of range.");
            return;
        }
        if (ArgumentCheck.Bound(schema, "minimum") is { } min && number < min)
        {
            ArgumentCheck.Add(problems, path, $"must be at least {Text(min)}, not {Text(number)}.");
        }
        if (ArgumentCheck.Bound(schema, "exclusiveMinimum") is { } above && number <= above)
        {
            ArgumentCheck.Add(problems, path, $"must be more than {Text(above)}, not {Text(number)}.");
        }
        if (ArgumentCheck.Bound(schema, "maximum") is { } max && number > max)
        {
            ArgumentCheck.Add(problems, path, $"must be at most {Text(max)}, not {Text(number)}.");
        }
        if (ArgumentCheck.Bound(schema, "exclusiveMaximum") is { } below && number >= below)
        {
            ArgumentCheck.Add(problems, path, $"must be less than {Text(below)}, not {Text(number)}.");
        }
        if (ArgumentCheck.Bound(schema, "multipleOf") is { } unit && unit > 0 && number % unit != 0)
        {
            ArgumentCheck.Add(problems, path, $"must be a multiple of {Text(unit)}, not {Text(number)}.");
        }
    }

    /// <summary>In characters as people count them in a schema: one beyond the basic plane is one, not two.</summary>
    private static int Length(string text) => text.Length - text.Count(char.IsLowSurrogate);

    private static bool Matches(string text, string pattern)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, PatternTimeout);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);
}
