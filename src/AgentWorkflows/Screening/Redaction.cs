using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentWorkflows.Screening;

/// <summary>
/// Takes secrets, and numbers that identify a person's money or identity, out of what is kept for people to read later: timelines, audit, logs, telemetry. E-mail addresses
/// and telephone numbers go from logs only: in a timeline they say whom a message went to. Pure; what is redacted cannot be told from the text.
/// </summary>
internal static partial class Redaction
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
        return PrivateKey().IsMatch(text) || Known().IsMatch(text) || Bearer().IsMatch(text) || InUrl().IsMatch(text) || AssignedKey().IsMatch(text);
    }

    /// <summary>For logs and telemetry: e-mail addresses and telephone numbers too.</summary>
    public static string LogText(string text)
    {
        var redacted = ContactData.Email().Replace(Text(text), "[redacted: e-mail]");
        return ContactData.Phone().Replace(redacted, match => ContactData.IsPhone(match.Value) ? "[redacted: phone]" : match.Value);
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

    [GeneratedRegex(@"\bsk-[A-Za-z0-9_-]{16,}|\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|\bwhsec_[A-Za-z0-9]{16,}|\bSG\.[\w-]{16,}\.[\w-]{16,}|\bglpat-[\w-]{16,}|\bnpm_[A-Za-z0-9]{30,}|\bhf_[A-Za-z0-9]{30,}|\bpypi-[\w-]{30,}|\bxapp-[\w-]{20,}|\bya29\.[\w-]{20,}|\bASIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}|\bAKIA[0-9A-Z]{16}\b|\bxox[abprs]-[A-Za-z0-9-]{10,}|\bAIza[A-Za-z0-9_-]{30,}|\bhttps://hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/_-]{8,}|\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}", RegexOptions.CultureInvariant)]
    private static partial Regex Known();

    [GeneratedRegex(@"(\b(?:Bearer|Basic)\s+)(?=[A-Za-z._~+/-]{0,100}\d)[A-Za-z0-9._~+/-]{12,}=*", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Bearer();

    /// <summary>A placeholder in capitals, as instructions have it, is not a value.</summary>
    [GeneratedRegex(@"(\b(?:[a-z0-9]{1,20}[_-]){0,4}(?:password|passwd|pwd|secret|api[_-]?key|access[_-]?token|client[_-]?secret|secret[_-]?access[_-]?key|access[_-]?key|private[_-]?key|AccountKey|SharedAccessKey|sig)\b[""']?\s*[=:]\s*[""']?)(?!\[redacted|(?-i:KEY|TOKEN|SECRET|PASSWORD|VALUE)(?![A-Za-z0-9]))[^\s;&,""'}]{4,}", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Assigned();

    /// <summary>Long, with a digit: said of a key, not of a password that somebody should choose.</summary>
    [GeneratedRegex(@"(?:secret|key|token|password|sig)[""']?\s{0,3}[=:]\s{0,3}[""']?(?=[A-Za-z0-9/+_.=-]{0,100}\d)[A-Za-z0-9/+_.=-]{20,}", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex AssignedKey();

    [GeneratedRegex(@"(\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@]{1,100}:)[^\s/@]{1,200}@", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex InUrl();
}
