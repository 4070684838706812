using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentWorkflows.Guards.Screening;

/// <summary>
/// Takes secrets, and numbers that identify a person's money or identity, out of what is kept for people to read later: timelines, audit, logs, telemetry. E-mail addresses
/// and telephone numbers go from logs only: in a timeline they say whom a message went to. Pure; what is redacted cannot be told from the text.
/// </summary>
public static partial class Redaction
{
    /// <summary>Written without hyphens and underscores; case does not count.</summary>
    private static readonly string[] SecretNames =
        ["password", "passwd", "pwd", "secret", "apikey", "accesstoken", "refreshtoken", "idtoken", "authtoken", "token", "authorization", "clientsecret", "connectionstring",
            "accesskey", "accountkey", "secretkey", "privatekey", "credential", "credentials"];

    /// <summary>For timelines and audit.</summary>
    public static string Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var redacted = PrivateKey().Replace(text, "[redacted: private key]");
        redacted = Known().Replace(redacted, "[redacted: secret]");
        redacted = Bearer().Replace(redacted, "$1[redacted: secret]");
        redacted = Assigned().Replace(redacted, "$1[redacted: secret]");
        redacted = InUrl().Replace(redacted, "$1[redacted: secret]@");
        return PersonalData.Replace(redacted, kind => $"[redacted: {kind}]");
    }

    /// <summary>True for a key or token whose form leaves no doubt.</summary>
    public static bool HasKey(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return PrivateKey().IsMatch(text) || Known().IsMatch(text) || Bearer().IsMatch(text);
    }

    /// <summary>For logs and telemetry: e-mail addresses and telephone numbers too.</summary>
    public static string LogText(string text)
    {
        var redacted = Email().Replace(Text(text), "[redacted: e-mail]");
        return Phone().Replace(redacted, "[redacted: phone]");
    }

    /// <summary>Every text in it; under a name that says secret, everything.</summary>
    public static JsonElement Json(JsonElement value)
    {
        var node = Walk(value, secret: false);
        return JsonSerializer.SerializeToElement(node);
    }

    private static JsonNode? Walk(JsonElement value, bool secret) => value.ValueKind switch
    {
        JsonValueKind.Object => new JsonObject(value.EnumerateObject()
            .DistinctBy(member => member.Name)
            .Select(member => new KeyValuePair<string, JsonNode?>(member.Name, Walk(member.Value, secret || IsSecret(member.Name))))),
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(item => Walk(item, secret))]),
        JsonValueKind.String => JsonValue.Create(secret ? "[redacted: secret]" : Text(value.GetString()!)),
        JsonValueKind.Number when secret => JsonValue.Create("[redacted: secret]"),
        _ => JsonNode.Parse(value.GetRawText()),
    };

    private static bool IsSecret(string name) => SecretNames.Contains(
        name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex(@"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:[^-]|-(?!----)){0,10000}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?", RegexOptions.CultureInvariant)]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"\bsk-[A-Za-z0-9_-]{16,}|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}|\bAKIA[0-9A-Z]{16}\b|\bxox[abprs]-[A-Za-z0-9-]{10,}|\bAIza[A-Za-z0-9_-]{30,}|\bhttps://hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/_-]{8,}|\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}", RegexOptions.CultureInvariant)]
    private static partial Regex Known();

    [GeneratedRegex(@"(\b(?:Bearer|Basic)\s+)(?=[A-Za-z._~+/-]{0,100}\d)[A-Za-z0-9._~+/-]{12,}=*", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Bearer();

    [GeneratedRegex(@"(\b(?:password|passwd|pwd|secret|api[_-]?key|access[_-]?token|client[_-]?secret|AccountKey|SharedAccessKey|sig)\b[""']?\s*[=:]\s*[""']?)(?!\[redacted)[^\s;&,""'}]{4,}", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Assigned();

    [GeneratedRegex(@"(\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@]{1,100}:)[^\s/@]{1,200}@", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex InUrl();

    [GeneratedRegex(@"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}", RegexOptions.CultureInvariant)]
    private static partial Regex Email();

    [GeneratedRegex(@"(?<![\w.-])(?:\+\d[\d\s().-]{6,18}\d|\(\d{2,5}\)[\s-]?\d[\d\s-]{3,12}\d|\d{3}[-. ]\d{3}[-. ]\d{4})(?![\w-])", RegexOptions.CultureInvariant)]
    private static partial Regex Phone();
}
