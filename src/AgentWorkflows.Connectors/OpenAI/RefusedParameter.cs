using System.Globalization;
using AgentWorkflows.Models;

namespace AgentWorkflows.Connectors.OpenAI;

/// <summary>What to change in <c>agent.yaml</c> when a provider refuses a member of the request that comes from there. Pure.</summary>
internal static class RefusedParameter
{
    private const string Temperature = "temperature";
    private const string Format = "response_format";
    private static readonly string[] Tokens = ["max_completion_tokens", "max_tokens"];

    /// <summary>Which of the known members a provider's message quotes, where it does not name one apart. The message itself is not passed on.</summary>
    public static string? In(string? message) => message is null ? null
        : new[] { Temperature, Format }.Concat(Tokens).FirstOrDefault(name => message.Contains($"'{name}'", StringComparison.Ordinal) || message.Contains($"\"{name}\"", StringComparison.Ordinal));

    /// <returns><c>null</c> when no key of an agent decides it.</returns>
    public static string? Advice(string parameter, ChatRequest request)
    {
        var purpose = request.Purpose.ToString().ToLowerInvariant();
        var where = request.Purpose == ModelPurpose.Plan ? "" : $" (or models.plan, if models.{purpose} is left out)";
        if (parameter == Temperature)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"The model refuses the temperature {request.Temperature}. In agent.yaml, set models.{purpose}.temperature: none{where}, then none is sent.");
        }
        if (Tokens.Contains(parameter))
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"The model refuses '{parameter}' ({request.MaxOutputTokens}). In agent.yaml, lower models.{purpose}.max_output_tokens{where}; if the endpoint does not know 'max_completion_tokens' at all, set models.{purpose}.deployment to one that does.");
        }
        return parameter == Format || parameter.StartsWith(Format + ".", StringComparison.Ordinal)
            ? $"The model refuses '{Format}': it answers with no JSON of a given schema, which plans need. In agent.yaml, set models.{purpose}.deployment{where} to one with structured outputs."
            : null;
    }
}
