using System.Security.Cryptography;
using System.Text;

namespace AgentWorkflows.Screening;

/// <summary>Marks text from outside as data for a model. The id is a hash of the text: what is inside cannot know it, and so cannot end it.</summary>
internal static class UntrustedText
{
    private const int IdLength = 8;

    public static string Wrap(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // As long as before, so that bounds on bytes hold.
        var harmless = text.Replace("</data", "<_data", StringComparison.OrdinalIgnoreCase).Replace("<data", "_data", StringComparison.OrdinalIgnoreCase);
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(harmless)))[..IdLength];
        return $"<data id={id}>\n{harmless}\n</data id={id}>";
    }
}
