using System.Text.Json;
using System.Text.Json.Nodes;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Compensation;

/// <summary>Fills the argument templates of compensations and of looks at what became of an action. Pure. References are documented on <see cref="CompensationReference"/>.</summary>
internal static class CompensationArguments
{
    public static JsonElement Build(CompensationContract contract, CompensationEntry entry, JsonElement actionArguments, JsonElement? actionResult)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(entry);
        return Build(contract.Arguments, entry.IdempotencyKey, entry.Action, actionArguments, actionResult);
    }

    internal static JsonElement Build(
        IReadOnlyDictionary<string, JsonElement> templates, string idempotencyKey, ActionOutcome outcome, JsonElement actionArguments, JsonElement? actionResult)
    {
        var arguments = new JsonObject();
        foreach (var (name, template) in templates)
        {
            if (Resolve(template, idempotencyKey, outcome, actionArguments, actionResult) is { } value)
            {
                arguments[name] = JsonNode.Parse(value.GetRawText());
            }
        }
        return JsonSerializer.SerializeToElement(arguments);
    }

    private static JsonElement? Resolve(JsonElement template, string idempotencyKey, ActionOutcome outcome, JsonElement actionArguments, JsonElement? actionResult)
    {
        return CompensationReference.Of(template) switch
        {
            CompensationReference.IdempotencyKey => JsonSerializer.SerializeToElement(idempotencyKey),
            CompensationReference.Outcome => JsonSerializer.SerializeToElement(outcome == ActionOutcome.Done ? "done" : "unknown"),
            CompensationReference.Argument argument => Member(actionArguments, argument.Path),
            CompensationReference.Result result => Member(actionResult, result.Path),
            _ => template,
        };
    }

    private static JsonElement? Member(JsonElement? element, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (element is not { ValueKind: JsonValueKind.Object } parent || !parent.TryGetProperty(name, out var child))
            {
                return null;
            }
            element = child;
        }
        return element;
    }
}
