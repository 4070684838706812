using AgentWorkflows.Tools.Sources;

namespace AgentWorkflows.Connectors;

/// <summary>How an API is reached. Values that are secrets are named, not written: <c>${NAME}</c> is a variable of the host's environment.</summary>
public sealed class OpenApiOptions
{
    private HttpAuthSettings? _auth;

    /// <summary>Where the API is, such as <c>https://api.example.com/v1</c>. Default: what the document says, if it is a file.</summary>
    public Uri? Server { get; set; }

    /// <summary>operationIds, also with * for any text, and <c>tag:NAME</c>. Default, none: every operation that can be expressed.</summary>
    public IList<string> Operations { get; } = [];

    /// <summary>Hosts outside the public internet that may be asked: <c>HOST</c> or <c>HOST:PORT</c>.</summary>
    public IList<string> Allow { get; } = [];

    /// <summary>Sent with every request.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Of a call whose contract says none, 0.1 s to 10 min; default 20 s.</summary>
    public TimeSpan Timeout { get; set; } = HttpSourceSettings.DefaultTimeout;

    /// <summary>Where a call carries its idempotency key, if its contract is <c>idempotent</c>; default <c>Idempotency-Key</c>.</summary>
    public string IdempotencyHeader { get; set; } = HttpSourceSettings.DefaultIdempotencyHeader;

    /// <param name="token">Such as <c>${CRM_TOKEN}</c>.</param>
    public OpenApiOptions UseBearer(string token) => Use(new HttpAuthSettings(HttpAuthType.Bearer) { Secret = token });

    /// <param name="header">The header's name.</param>
    /// <param name="value">Such as <c>${CRM_KEY}</c>.</param>
    public OpenApiOptions UseApiKey(string header, string value) => Use(new HttpAuthSettings(HttpAuthType.ApiKey) { KeyName = header, Secret = value });

    /// <summary>OAuth2 client credentials. The token is kept until shortly before it expires.</summary>
    public OpenApiOptions UseClientCredentials(Uri tokenUrl, string clientId, string clientSecret, string scope = "")
    {
        ArgumentNullException.ThrowIfNull(tokenUrl);
        return Use(new HttpAuthSettings(HttpAuthType.Oauth2) { TokenUrl = tokenUrl.ToString(), User = clientId, Secret = clientSecret, Scope = scope });
    }

    /// <summary>The identity that Azure gives the host.</summary>
    /// <param name="clientId">Of a user-assigned one; default: the system-assigned.</param>
    public OpenApiOptions UseManagedIdentity(string scope, string clientId = "") => Use(new HttpAuthSettings(HttpAuthType.ManagedIdentity) { Scope = scope, User = clientId });

    internal OpenApiSettings ToSettings(string name, string document)
    {
        var isAddress = document.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || document.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (isAddress && Server is null)
        {
            throw new ArgumentException($"Set {nameof(Server)}: whoever can change the document at {document} must not decide where calls and credentials go.", nameof(document));
        }
        if (Allow.FirstOrDefault(entry => !AllowedHosts.IsEntry(entry)) is { } wrong)
        {
            throw new ArgumentException($"'{wrong}' is not a host. Allowed: {AllowedHosts.Rule}.", nameof(document));
        }
        return new OpenApiSettings(name)
        {
            Document = isAddress ? document : Path.GetFullPath(document),
            Server = Server?.ToString(),
            Operations = [.. Operations],
            Allow = [.. Allow],
            Headers = new SortedDictionary<string, string>(Headers, StringComparer.OrdinalIgnoreCase),
            Timeout = Timeout,
            IdempotencyHeader = IdempotencyHeader,
            Auth = _auth,
        };
    }

    private OpenApiOptions Use(HttpAuthSettings auth)
    {
        if (auth.Type != HttpAuthType.ManagedIdentity && !EnvironmentText.Names(auth.Secret).Any())
        {
            throw new ArgumentException("A secret is named, not written: \"${NAME}\" is the variable NAME of the host's environment.");
        }
        _auth = auth;
        return this;
    }
}
