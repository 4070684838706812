using System.Globalization;
using System.Text;

namespace AgentWorkflows.Azure.Tables;

/// <summary>Keys of partitions and rows: what Table Storage refuses in a key is escaped, and what has to be sorted downwards is inverted. Pure.</summary>
internal static class TableKey
{
    /// <summary>Between the parts of a key. Escaped parts never have it.</summary>
    public const char Separator = '|';

    /// <summary>The character after <see cref="Separator"/>: the end of all keys that begin with a part.</summary>
    private const char AfterSeparator = '}';

    /// <summary>Letters, digits, <c>. _ - :</c> as they are, every other UTF-8 byte as <c>~XX</c>. Different texts have different keys.</summary>
    public static string Escape(string text)
    {
        if (text.All(IsPlain))
        {
            return text;
        }
        var key = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii && IsPlain((char)rune.Value))
            {
                key.Append((char)rune.Value);
            }
            else
            {
                AppendBytes(key, rune);
            }
        }
        return key.ToString();
    }

    public static string Of(string first, params ReadOnlySpan<string> rest)
    {
        var key = new StringBuilder(first);
        foreach (var part in rest)
        {
            key.Append(Separator).Append(part);
        }
        return key.ToString();
    }

    /// <summary>The filter for rows of a partition whose key begins with <paramref name="first"/> and a separator.</summary>
    public static string RowsOf(string partition, string first) =>
        $"PartitionKey eq {Text(partition)} and RowKey ge {Text(first + Separator)} and RowKey lt {Text(first + AfterSeparator)}";

    public static string End(string first) => first + AfterSeparator;

    /// <summary>An OData literal.</summary>
    public static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Sorted upwards.</summary>
    public static string Number(long value) => value.ToString("D19", CultureInfo.InvariantCulture);

    public static string Number(int value) => value.ToString("D10", CultureInfo.InvariantCulture);

    /// <summary>Sorted from the newest to the oldest.</summary>
    public static string Descending(DateTimeOffset time) => Number(DateTime.MaxValue.Ticks - time.UtcTicks);

    /// <summary>Sorted downwards, ordinal: each byte inverted, with an end that sorts after every longer text.</summary>
    public static string Descending(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(0xFF - bytes[i]);
        }
        return Convert.ToHexStringLower(bytes) + "g";
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or ':';

    private static void AppendBytes(StringBuilder key, Rune rune)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
        {
            key.Append('~').Append(value.ToString("X2", CultureInfo.InvariantCulture));
        }
    }
}
