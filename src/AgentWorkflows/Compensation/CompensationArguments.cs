using System.Text.Json;
using System.Text.Json.Nodes;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Compensation;

/// <summary>Fills a compensation's argument templates. Pure. References are documented on <see cref="CompensationReference"/>.</summary>
internal static class CompensationArguments
{
    public static JsonElement Build(CompensationContract contract, CompensationEntry entry, JsonElement actionArguments, JsonElement? actionResult)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(entry);
        var arguments = new JsonObject();
        foreach (var (name, template) in contract.Arguments)
        {
            if (Resolve(template, entry, actionArguments, actionResult) is { } value)
            {
                arguments[name] = JsonNode.Parse(value.GetRawText());
            }
        }
        return JsonSerializer.SerializeToElement(arguments);
    }

    private static JsonElement? Resolve(JsonElement template, CompensationEntry entry, JsonElement actionArguments, JsonElement? actionResult)
    {
        return CompensationReference.Of(template) switch
        {
            CompensationReference.IdempotencyKey => JsonSerializer.SerializeToElement(entry.IdempotencyKey),
            CompensationReference.Outcome => JsonSerializer.SerializeToElement(entry.Action == ActionOutcome.Done ? "done" : "unknown"),
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
