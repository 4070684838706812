using System.Security.Cryptography;
using System.Text;

namespace AgentWorkflows.Guards;

/// <summary>Sixteen hexadecimal digits of SHA-256: enough to tell a session's own calls and results apart, small enough for its state.</summary>
internal static class ShortHash
{
    /// <returns>Empty for nothing.</returns>
    public static string Of(IReadOnlyList<string> texts) =>
        texts.Count == 0 ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', texts))))[..16];
}
