using System.Buffers.Binary;
using System.Text;

namespace AgentWorkflows.Approvals.Links;

/// <summary>What a link allows, and whom.</summary>
/// <param name="ArgumentsHash">64 lower-case hexadecimal digits: the link is good for exactly the call it was made for.</param>
/// <param name="Approver">As <see cref="Approvals.Approver.Normalize"/> spells it.</param>
internal sealed record ApprovalToken(string ApprovalId, string ArgumentsHash, string Approver, AllowedDecisions Decisions, DateTimeOffset ExpiresAt)
{
    private const byte Format = 1;
    private const int HashBytes = 32;

    /// <summary>Every field with its length, so that no two tokens have the same bytes.</summary>
    internal byte[] ToBytes(string keyId)
    {
        using var buffer = new MemoryStream();
        buffer.WriteByte(Format);
        WriteText(buffer, keyId);
        WriteText(buffer, ApprovalId);
        buffer.Write(Convert.FromHexString(ArgumentsHash));
        WriteText(buffer, Approver);
        buffer.WriteByte((byte)Decisions);
        Span<byte> expiry = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(expiry, ExpiresAt.UtcTicks);
        buffer.Write(expiry);
        return buffer.ToArray();
    }

    /// <summary>Only for bytes whose signature is good: it trusts them to be well-formed.</summary>
    internal static ApprovalToken FromBytes(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[1..];
        ReadText(ref bytes);
        var approvalId = ReadText(ref bytes);
        var hash = Convert.ToHexStringLower(bytes[..HashBytes]);
        bytes = bytes[HashBytes..];
        var approver = ReadText(ref bytes);
        var decisions = (AllowedDecisions)bytes[0];
        return new ApprovalToken(approvalId, hash, approver, decisions, new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(bytes[1..]), TimeSpan.Zero));
    }

    /// <summary>The key a token says it was signed with; nothing about it is trusted yet.</summary>
    internal static string? KeyIdOf(ReadOnlySpan<byte> bytes)
    {
        const int Start = 3;
        if (bytes.Length < Start || bytes[0] != Format)
        {
            return null;
        }
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]);
        return bytes.Length < Start + length ? null : Encoding.UTF8.GetString(bytes.Slice(Start, length));
    }

    private static void WriteText(MemoryStream buffer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(length, checked((ushort)bytes.Length));
        buffer.Write(length);
        buffer.Write(bytes);
    }

    private static string ReadText(ref ReadOnlySpan<byte> bytes)
    {
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        var text = Encoding.UTF8.GetString(bytes.Slice(sizeof(ushort), length));
        bytes = bytes[(sizeof(ushort) + length)..];
        return text;
    }
}

[Flags]
internal enum AllowedDecisions
{
    None = 0,
    Approve = 1,
    Reject = 2,
    Edit = 4,
}
