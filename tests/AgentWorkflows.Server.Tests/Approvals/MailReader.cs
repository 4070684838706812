using System.Text;
using System.Text.RegularExpressions;

namespace AgentWorkflows.Server.Tests.Approvals;

/// <summary>Reads the mails the product writes: the headers, and both parts decoded.</summary>
internal sealed partial record MailReader(string Headers, string Plain, string Html)
{
    /// <summary>The path of the page, and the code beside it.</summary>
    public (Uri Link, string Code) Link
    {
        get
        {
            var address = new Uri(AddressPattern().Match(Plain).Value);
            return (new Uri(address.AbsolutePath.TrimStart('/'), UriKind.Relative), CodePattern().Match(Plain).Groups["code"].Value);
        }
    }

    public static MailReader Of(string message)
    {
        var text = message.ReplaceLineEndings("\n");
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var headers = text[..end];
        var boundary = BoundaryPattern().Match(headers).Groups["boundary"].Value;
        var parts = text[end..].Split("--" + boundary).Select(Decode).Where(part => part.Length > 0).ToList();
        return new MailReader(headers, parts[0], parts[1]);
    }

    private static string Decode(string part)
    {
        var end = part.TrimStart('\n').IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return "";
        }
        var headers = part.TrimStart('\n')[..end];
        var body = part.TrimStart('\n')[(end + 2)..];
        if (headers.Contains("base64", StringComparison.OrdinalIgnoreCase))
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(body.Replace("\n", "", StringComparison.Ordinal)));
        }
        return headers.Contains("quoted-printable", StringComparison.OrdinalIgnoreCase) ? Unquote(body) : body;
    }

    private static string Unquote(string body)
    {
        var bytes = new List<byte>();
        var joined = body.Replace("=\n", "", StringComparison.Ordinal);
        for (var i = 0; i < joined.Length; i++)
        {
            if (joined[i] == '=' && i + 2 < joined.Length)
            {
                bytes.Add(Convert.ToByte(joined.Substring(i + 1, 2), 16));
                i += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes([joined[i]]));
            }
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    [GeneratedRegex(@"http://[^\s]+/approve/[A-Za-z0-9_-]+")]
    private static partial Regex AddressPattern();

    [GeneratedRegex(@"Code: (?<code>[A-Z2-9]{3}-[A-Z2-9]{3})")]
    private static partial Regex CodePattern();

    [GeneratedRegex("""boundary="?(?<boundary>[^"\n;]+)"?""")]
    private static partial Regex BoundaryPattern();
}
