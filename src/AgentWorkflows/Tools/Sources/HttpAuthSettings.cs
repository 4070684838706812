namespace AgentWorkflows.Tools.Sources;

internal enum HttpAuthType
{
    Bearer,
    ApiKey,
    Basic,

    /// <summary>OAuth2 client credentials.</summary>
    Oauth2,

    /// <summary>The identity that Azure gives the host.</summary>
    ManagedIdentity,
}

internal enum ApiKeyPlace
{
    Header,
    Query,
    Cookie,
}

/// <summary>What a source shows to its server. Secrets are named (<see cref="EnvironmentText"/>), so this may be kept and shown.</summary>
internal sealed record HttpAuthSettings(HttpAuthType Type)
{
    /// <summary>Of a bearer; the key of <see cref="HttpAuthType.ApiKey"/>; the password of <see cref="HttpAuthType.Basic"/>; the client's secret.</summary>
    public string Secret { get; init; } = "";

    /// <summary>The user of <see cref="HttpAuthType.Basic"/>; the client's id.</summary>
    public string User { get; init; } = "";

    public ApiKeyPlace Place { get; init; } = ApiKeyPlace.Header;

    /// <summary>Of the header, the query parameter or the cookie.</summary>
    public string KeyName { get; init; } = "";

    public string TokenUrl { get; init; } = "";

    public string Scope { get; init; } = "";

    public string Audience { get; init; } = "";

    /// <summary>Every text that may name variables.</summary>
    public IEnumerable<string> Texts() => [Secret, User, TokenUrl];
}
