using System.Text.Json;

namespace AgentWorkflows.Models.Plans;

/// <summary>Judges a tool's result against a step's success criteria. Pure.</summary>
internal static class CriteriaCheck
{
    /// <returns>What is not as it should be, or <c>null</c>.</returns>
    public static string? FirstProblem(JsonElement result, IReadOnlyList<SuccessCriterion> criteria)
    {
        ArgumentNullException.ThrowIfNull(criteria);
        return criteria.Select(criterion => Problem(result, criterion)).FirstOrDefault(problem => problem is not null);
    }

    private static string? Problem(JsonElement result, SuccessCriterion criterion)
    {
        var found = Find(result, criterion.Path);
        if (found is not { } actual)
        {
            return $"'{criterion.Path}' is not in the result.";
        }
        if (criterion.Operator == CriterionOperator.Exists)
        {
            return null;
        }
        if (criterion.Value is not { } wanted)
        {
            return $"The criterion on '{criterion.Path}' has no value to compare with.";
        }
        var holds = criterion.Operator switch
        {
            CriterionOperator.Equals => JsonElement.DeepEquals(actual, wanted),
            CriterionOperator.NotEquals => !JsonElement.DeepEquals(actual, wanted),
            CriterionOperator.AtLeast => Number(actual) >= Number(wanted),
            CriterionOperator.AtMost => Number(actual) <= Number(wanted),
            CriterionOperator.Contains => Contains(actual, wanted),
            _ => throw new InvalidOperationException($"Unknown criterion operator {criterion.Operator}."),
        };
        return holds ? null : $"'{criterion.Path}' is {Shown(actual)}, but should be {criterion.Operator} {Shown(wanted)}.";
    }

    /// <summary>The value at a dotted path; items of lists by their index.</summary>
    internal static JsonElement? Find(JsonElement element, string path)
    {
        foreach (var name in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            if (element.ValueKind == JsonValueKind.Array && int.TryParse(name, out var index) && index >= 0 && index < element.GetArrayLength())
            {
                element = element[index];
            }
            else if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }
        return element;
    }

    private static decimal? Number(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDecimal(out var number) ? number : null;

    private static bool Contains(JsonElement actual, JsonElement wanted) => actual.ValueKind switch
    {
        JsonValueKind.Array => actual.EnumerateArray().Any(item => JsonElement.DeepEquals(item, wanted)),
        JsonValueKind.String when wanted.ValueKind == JsonValueKind.String =>
            actual.GetString()!.Contains(wanted.GetString()!, StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    private static string Shown(JsonElement element)
    {
        var text = element.GetRawText();
        return text.Length <= 80 ? text : text[..80] + "…";
    }
}
