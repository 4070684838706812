using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentWorkflows.Evals;

/// <summary>What a value has to be like. Every given part has to hold. Pure.</summary>
internal sealed record ValueCheck
{
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromMilliseconds(500);

    public JsonElement? Equal { get; init; }

    public JsonElement? NotEqual { get; init; }

    public decimal? Min { get; init; }

    public decimal? Max { get; init; }

    /// <summary>A regular expression on the text of the value.</summary>
    public string? Matches { get; init; }

    public string? Contains { get; init; }

    /// <summary>The value must not be there at all.</summary>
    public bool Absent { get; init; }

    /// <returns>What is wrong, or <c>null</c>.</returns>
    public string? Problem(JsonElement? found)
    {
        if (Absent)
        {
            return found is null or { ValueKind: JsonValueKind.Null } ? null : $"is {Shown(found.Value)}, but should not be there";
        }
        if (found is not { } actual)
        {
            return "is not there";
        }
        var wrong = Equal is { } equal && !Same(actual, equal) ? $"should be {Shown(equal)}"
            : NotEqual is { } other && Same(actual, other) ? $"should not be {Shown(other)}"
            : Min is { } min && !(Number(actual) >= min) ? string.Create(CultureInfo.InvariantCulture, $"should be at least {min}")
            : Max is { } max && !(Number(actual) <= max) ? string.Create(CultureInfo.InvariantCulture, $"should be at most {max}")
            : Matches is { } pattern && !IsMatch(TextOf(actual), pattern) ? $"should match {pattern}"
            : Contains is { } part && !TextOf(actual).Contains(part, StringComparison.OrdinalIgnoreCase) ? $"should contain '{part}'"
            : null;
        return wrong is null ? null : $"is {Shown(actual)}, but {wrong}";
    }

    /// <summary>Numbers by their value: 5 is 5.0.</summary>
    public static bool Same(JsonElement one, JsonElement other) =>
        Number(one) is { } a && Number(other) is { } b ? a == b : JsonElement.DeepEquals(one, other);

    /// <summary>A pattern that takes too long does not match.</summary>
    public static bool IsMatch(string text, string pattern)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTimeout);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    public static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    public static string Shown(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= 80 ? text : text[..80] + "…";
    }

    private static decimal? Number(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? number : null;
}
