using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore;

/// <summary>Tags of answers, from their content, so that a client that has it already is told so instead of being sent it again.</summary>
internal static class EntityTag
{
    private const int Bytes = 16;

    public static string Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return $"\"{Convert.ToHexStringLower(hash[..Bytes])}\"";
    }

    /// <summary>True when the client named this tag in <c>If-None-Match</c>. A compressing proxy makes tags weak; that counts too.</summary>
    public static bool IsKnown(HttpRequest request, string tag)
    {
        foreach (var given in request.Headers.IfNoneMatch.ToString().Split(',', StringSplitOptions.TrimEntries))
        {
            if (given == "*" || string.Equals(given.StartsWith("W/", StringComparison.Ordinal) ? given[2..] : given, tag, StringComparison.Ordinal))
            {
                return true;
            }
        }
        return false;
    }
}
