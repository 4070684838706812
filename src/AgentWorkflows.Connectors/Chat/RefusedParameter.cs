using System.Globalization;
using System.Text.RegularExpressions;
using AgentWorkflows.Models;

namespace AgentWorkflows.Connectors.Chat;

/// <summary>What to change when a provider refuses a member of the request that comes from <c>agent.yaml</c> or the settings. Pure.</summary>
internal static partial class RefusedParameter
{
    private const string Temperature = "temperature";
    private static readonly string[] Tokens = ["max_completion_tokens", "max_tokens", "num_predict"];
    private static readonly string[] Formats = ["response_format", "json_schema", "output_config", "guided_json", "format"];

    /// <summary>Which of the known members a provider's message names, where it does not name one apart. The message itself is not passed on.</summary>
    public static string? In(string? message) => message is null ? null
        : new[] { Temperature }.Concat(Formats).Concat(Tokens).FirstOrDefault(name => IsNamed(message, name));

    /// <returns><c>null</c> when nobody here decides it.</returns>
    public static string? Advice(string parameter, ChatRequest request, ModelEndpoint? endpoint)
    {
        var purpose = ChatQuestion.PurposeOf(request);
        var where = request.Purpose == ModelPurpose.Plan ? "" : $" (or models.plan, if models.{purpose} is left out)";
        // vLLM and FastAPI name the path: body.temperature, response_format.json_schema.
        var root = parameter.Split('.', '[')[0];
        if (root == Temperature)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"The model refuses the temperature {request.Temperature}. In agent.yaml, set models.{purpose}.temperature: none{where}, then none is sent.");
        }
        if (Tokens.Contains(root))
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"The model refuses '{root}' ({request.MaxOutputTokens}). In agent.yaml, lower models.{purpose}.max_output_tokens{where}; ")
                + $"if the endpoint does not know '{root}' at all, set models.{purpose}.deployment to one that does.";
        }
        return Formats.Contains(root)
            ? $"The model refuses '{root}': it cannot be held to a JSON schema. Set {endpoint?.SchemasSetting ?? "the endpoint's schemas"} to prompt, "
                + $"or in agent.yaml models.{purpose}.deployment{where} to one with structured outputs."
            : null;
    }

    /// <summary>In quotes, or as a word of its own that is no word of a language.</summary>
    private static bool IsNamed(string message, string name) =>
        message.Contains($"'{name}'", StringComparison.Ordinal) || message.Contains($"\"{name}\"", StringComparison.Ordinal) || message.Contains($"`{name}`", StringComparison.Ordinal)
        || (name.Contains('_', StringComparison.Ordinal) && Words().Matches(message).Any(word => word.Value == name))
        || (name == Temperature && (message.Contains("does not support temperature", StringComparison.OrdinalIgnoreCase)
            || message.Contains("temperature is not supported", StringComparison.OrdinalIgnoreCase)));

    [GeneratedRegex("[A-Za-z_]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
