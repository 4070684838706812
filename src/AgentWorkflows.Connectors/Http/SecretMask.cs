using System.Text.Json;

namespace AgentWorkflows.Connectors.Http;

/// <summary>Takes what was shown to a server out of what it says. Pure.</summary>
internal static class SecretMask
{
    private const string Shown = "(secret)";

    /// <summary>Shorter ones would take words out that are no secrets.</summary>
    private const int MinLength = 6;

    public static string Apply(string text, IReadOnlyCollection<string> secrets)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(secrets);
        foreach (var secret in secrets.Where(secret => secret.Length >= MinLength).OrderByDescending(secret => secret.Length))
        {
            text = text.Replace(secret, Shown, StringComparison.Ordinal);
            // As JSON or an address would spell it.
            text = text.Replace(JsonEncodedText.Encode(secret).Value, Shown, StringComparison.Ordinal).Replace(Uri.EscapeDataString(secret), Shown, StringComparison.Ordinal);
        }
        return text;
    }
}
