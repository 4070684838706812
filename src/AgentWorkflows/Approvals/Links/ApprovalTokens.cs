using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AgentWorkflows.Approvals.Links;

/// <summary>
/// Signs and verifies links with HMAC-SHA256, and derives the code that stands in the message beside a link. Whatever is wrong with a token, verifying it takes
/// the same steps: one decoding, one signature over as many bytes, one comparison in constant time. Thread-safe.
/// </summary>
internal sealed class ApprovalTokens(ApprovalKeyRing keys)
{
    public const int MaxLength = 1024;
    private const int MacBytes = HMACSHA256.HashSizeInBytes;
    private const int CodeLength = 6;

    /// <summary>No 0 and O, no 1, I and L.</summary>
    private const string CodeAlphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

    private static readonly byte[] ForLinks = Encoding.ASCII.GetBytes("agentworkflows.approval-link.1\n");
    private static readonly byte[] ForCodes = Encoding.ASCII.GetBytes("agentworkflows.approval-code.1\n");

    /// <summary>For a token that names no key of ours, so that it is not answered sooner than a forged one that does.</summary>
    private readonly ApprovalKey _nobodys = new("", RandomNumberGenerator.GetBytes(ApprovalKeyRing.MinSecretBytes));

    public string Issue(ApprovalToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        var bytes = token.ToBytes(keys.Signing.Id);
        return Base64Url.EncodeToString([.. bytes, .. Sign(keys.Signing, ForLinks, bytes)]);
    }

    /// <returns><c>null</c> for everything that is not exactly what <see cref="Issue"/> gave under a key still in force; why is not told. Expiry is the caller's to check.</returns>
    public ApprovalToken? Verify(string? text)
    {
        var (bytes, wellFormed) = Decode(text);
        var signed = bytes.AsSpan(0, bytes.Length - MacBytes);
        var id = ApprovalToken.KeyIdOf(signed);
        ApprovalKey? known = null;
        foreach (var key in keys.Keys)
        {
            if (key.Id == id)
            {
                known = key;
            }
        }
        var same = CryptographicOperations.FixedTimeEquals(Sign(known ?? _nobodys, ForLinks, signed), bytes.AsSpan(signed.Length));
        return same && wellFormed && known is not null ? ApprovalToken.FromBytes(signed) : null;
    }

    /// <summary>The code that goes with a token, such as <c>K7Q-2MX</c>: 31⁶ possibilities, not to be had from the link.</summary>
    public string CodeOf(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        var (bytes, _) = Decode(token);
        var key = keys.Keys.FirstOrDefault(key => key.Id == ApprovalToken.KeyIdOf(bytes)) ?? _nobodys;
        var number = BitConverter.ToUInt64(Sign(key, ForCodes, bytes));
        var code = new char[CodeLength];
        for (var i = 0; i < CodeLength; i++)
        {
            (number, var digit) = Math.DivRem(number, (ulong)CodeAlphabet.Length);
            code[i] = CodeAlphabet[(int)digit];
        }
        return $"{code.AsSpan(0, CodeLength / 2)}-{code.AsSpan(CodeLength / 2)}";
    }

    /// <param name="typed">As a person types it: case, spaces and dashes do not matter.</param>
    public bool IsCodeOf(string token, string? typed)
    {
        var expected = Encoding.ASCII.GetBytes(Bare(CodeOf(token)));
        var given = Encoding.UTF8.GetBytes(Bare(typed is { Length: <= 100 } ? typed : ""));
        return CryptographicOperations.FixedTimeEquals(expected, given);
    }

    private static string Bare(string code) => new([.. code.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit)]);

    private static byte[] Sign(ApprovalKey key, byte[] purpose, ReadOnlySpan<byte> bytes)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key.Secret.Span);
        hmac.AppendData(purpose);
        hmac.AppendData(bytes);
        return hmac.GetHashAndReset();
    }

    /// <summary>Always bytes to work on. Only the one spelling of a token counts: base64 has others for the same bytes.</summary>
    private static (byte[] Bytes, bool WellFormed) Decode(string? text)
    {
        var given = text is { Length: <= MaxLength } ? text : "";
        var buffer = new byte[MaxLength];
        var decoded = Base64Url.DecodeFromChars(given, buffer, out _, out var length) == OperationStatus.Done && length > MacBytes
            && string.Equals(Base64Url.EncodeToString(buffer.AsSpan(0, length)), given, StringComparison.Ordinal);
        // About as many bytes as the text stands for, so that it takes as long as with a token.
        return (decoded ? buffer[..length] : new byte[Math.Max(MacBytes + 1, given.Length * 3 / 4)], decoded);
    }
}
