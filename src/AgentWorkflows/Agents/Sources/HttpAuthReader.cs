using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Tools.Sources;
using AgentWorkflows.Words;

namespace AgentWorkflows.Agents.Sources;

/// <summary>Reads <c>auth</c> of an HTTP source. Secrets are named there, never written.</summary>
internal static class HttpAuthReader
{
    private static readonly Dictionary<HttpAuthType, (string[] Required, string[] Optional)> KeysOf = new()
    {
        [HttpAuthType.Bearer] = (["token"], []),
        [HttpAuthType.ApiKey] = (["name", "value"], ["in"]),
        [HttpAuthType.Basic] = (["user", "password"], []),
        [HttpAuthType.Oauth2] = (["token_url", "client_id", "client_secret"], ["scope", "audience"]),
        [HttpAuthType.ManagedIdentity] = (["scope"], ["client_id"]),
    };

    private static readonly string[] Secrets = ["token", "value", "password", "client_secret"];

    private static readonly string[] TextKeys = ["token", "name", "value", "user", "password", "token_url", "client_id", "client_secret", "scope", "audience"];

    public static HttpAuthSettings? Read(YamlSection section)
    {
        section.Allow("type", "token", "in", "name", "value", "user", "password", "token_url", "client_id", "client_secret", "scope", "audience");
        var type = section.Choice<HttpAuthType>("type", "a way to show who calls");
        var place = section.Choice<ApiKeyPlace>("in", "a place") ?? ApiKeyPlace.Header;
        var texts = TextKeys.ToDictionary(key => key, key => section.Text(key) ?? "", StringComparer.Ordinal);
        if (section.Shape is not null)
        {
            return null;
        }
        if (type is not { } known)
        {
            if (!section.Has("type"))
            {
                section.Report("type", $"This key is required. Allowed: {string.Join(", ", Enum.GetValues<HttpAuthType>().Select(SnakeCase.Of))}.");
            }
            return null;
        }
        return Check(section, known, texts) ? Of(known, place, texts) : null;
    }

    private static HttpAuthSettings Of(HttpAuthType type, ApiKeyPlace place, Dictionary<string, string> texts) => new(type)
    {
        Secret = Secrets.Select(key => texts[key]).FirstOrDefault(text => text.Length > 0) ?? "",
        User = type == HttpAuthType.Basic ? texts["user"] : texts["client_id"],
        Place = place,
        KeyName = texts["name"],
        TokenUrl = texts["token_url"],
        Scope = texts["scope"],
        Audience = texts["audience"],
    };

    private static bool Check(YamlSection section, HttpAuthType type, Dictionary<string, string> texts)
    {
        var (required, optional) = KeysOf[type];
        var well = true;
        foreach (var key in section.Keys.Where(key => key != "type" && !required.Contains(key) && !optional.Contains(key)))
        {
            Report(key, $"'{SnakeCase.Of(type)}' has no such key. It has: {string.Join(", ", [.. required, .. optional])}.");
        }
        foreach (var key in required.Where(key => texts[key].Length == 0))
        {
            Report(key, $"'{SnakeCase.Of(type)}' needs this key.");
        }
        foreach (var key in Secrets.Where(key => texts[key].Length > 0 && !EnvironmentText.Names(texts[key]).Any()))
        {
            Report(key, "A secret is named, not written: \"${NAME}\" is the variable NAME of the host's environment.");
        }
        if (type == HttpAuthType.Oauth2 && texts["token_url"].Length > 0
            && (!Uri.TryCreate(texts["token_url"], UriKind.Absolute, out var address) || address is not { Scheme: "http" or "https", UserInfo.Length: 0 }))
        {
            Report("token_url", $"'{texts["token_url"]}' is not an address. Allowed: http or https, without a user in it.");
        }
        if (type == HttpAuthType.ApiKey && texts["name"].Length > 0 && !HeaderText.IsName(texts["name"]))
        {
            Report("name", $"'{texts["name"]}' is not a name. Allowed: letters, digits, - and _.");
        }
        return well;

        void Report(string key, string message)
        {
            section.Report(key, message);
            well = false;
        }
    }
}
