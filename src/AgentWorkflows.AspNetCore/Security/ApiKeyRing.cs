using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Security;

/// <summary>The keys in force. Without any, the host is open to this machine and everybody is the local operator. Immutable.</summary>
internal sealed class ApiKeyRing(IReadOnlyList<ApiKey> keys)
{
    private const int MaxKeyLength = 512;

    public bool IsOpen => keys.Count == 0;

    /// <returns><c>null</c>: no key, or none of ours; which of the two is not told.</returns>
    internal Caller? Authenticate(HttpRequest request) => IsOpen ? Caller.Local : Find(Presented(request));

    internal Caller? Find(string? presented)
    {
        if (presented is not { Length: > 0 and <= MaxKeyLength })
        {
            return null;
        }
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(presented), hash);
        ApiKey? found = null;
        // Every key is compared, each in constant time: how long it takes tells neither which key came close nor where it stands.
        foreach (var key in keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, key.Hash.Span))
            {
                found = key;
            }
        }
        return found is null ? null : new Caller(found.Name, found.User, found.Roles) { SessionRoles = found.SessionRoles };
    }

    private static string? Presented(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? authorization[Scheme.Length..].Trim()
            : request.Headers["X-Api-Key"].ToString();
    }
}
