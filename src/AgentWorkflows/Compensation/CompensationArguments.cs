using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentWorkflows.Compensation;

/// <summary>Fills a compensation's argument templates. Pure. References are documented on <see cref="Tools.CompensationContract"/>.</summary>
public static class CompensationArguments
{
    private const string ArgumentsPrefix = "$arguments.";
    private const string ResultPrefix = "$result.";

    public static JsonElement Build(Tools.CompensationContract contract, CompensationEntry entry, JsonElement actionArguments, JsonElement? actionResult)
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
        if (template.ValueKind != JsonValueKind.String || template.GetString() is not ['$', ..] reference)
        {
            return template;
        }
        return reference switch
        {
            "$idempotencyKey" => JsonSerializer.SerializeToElement(entry.IdempotencyKey),
            "$outcome" => JsonSerializer.SerializeToElement(entry.Action == ActionOutcome.Done ? "done" : "unknown"),
            _ when reference.StartsWith(ArgumentsPrefix, StringComparison.Ordinal) => Member(actionArguments, reference[ArgumentsPrefix.Length..]),
            _ when reference.StartsWith(ResultPrefix, StringComparison.Ordinal) => Member(actionResult, reference[ResultPrefix.Length..]),
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
