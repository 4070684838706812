using System.Text.RegularExpressions;

namespace AgentWorkflows.Approvals.Links;

/// <summary>A key that signs approval links.</summary>
/// <param name="Id">Stands in every link it signs.</param>
/// <param name="Secret">32 to 128 bytes.</param>
internal sealed record ApprovalKey(string Id, ReadOnlyMemory<byte> Secret);

/// <summary>
/// The keys in force: the first signs, all of them verify. To rotate, put a new key in front and take the old one out when the links it signed have expired;
/// to revoke, take it out at once. Immutable.
/// </summary>
internal sealed partial class ApprovalKeyRing
{
    public const int MinSecretBytes = 32;
    public const int MaxSecretBytes = 128;
    private const int MaxKeys = 10;

    /// <exception cref="ArgumentException">There is no key, or two have one id.</exception>
    public ApprovalKeyRing(IReadOnlyList<ApprovalKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Count is 0 or > MaxKeys || keys.DistinctBy(key => key.Id).Count() != keys.Count)
        {
            throw new ArgumentException($"Give 1 to {MaxKeys} keys with different ids.", nameof(keys));
        }
        Keys = keys;
    }

    public IReadOnlyList<ApprovalKey> Keys { get; }

    internal ApprovalKey Signing => Keys[0];

    /// <summary>Reads <c>id:base64,id:base64</c>. What is wrong is told without repeating any of it: it is secret.</summary>
    public static (ApprovalKeyRing? Ring, string? Problem) Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var keys = new List<ApprovalKey>();
        foreach (var (entry, number) in text.Split(',', StringSplitOptions.TrimEntries).Select((entry, i) => (entry, i + 1)))
        {
            var colon = entry.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || !IdPattern().IsMatch(entry[..colon]))
            {
                return (null, $"Key {number} must be ID:BASE64, the id 1 to 32 letters, digits, '.', '_' or '-'.");
            }
            var secret = new byte[MaxSecretBytes + 3];
            if (!Convert.TryFromBase64String(entry[(colon + 1)..], secret, out var length) || length is < MinSecretBytes or > MaxSecretBytes)
            {
                return (null, $"Key {number} must have {MinSecretBytes} to {MaxSecretBytes} random bytes in base64 (openssl rand -base64 32).");
            }
            keys.Add(new ApprovalKey(entry[..colon], secret.AsMemory(0, length)));
        }
        if (keys.Count > MaxKeys)
        {
            return (null, $"There are {keys.Count} keys; at most {MaxKeys} are allowed.");
        }
        return keys.DistinctBy(key => key.Id).Count() == keys.Count ? (new ApprovalKeyRing(keys), null) : (null, "Two keys have the same id.");
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,32}\z", RegexOptions.NonBacktracking)]
    private static partial Regex IdPattern();
}
