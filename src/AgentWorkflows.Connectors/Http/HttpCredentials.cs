using System.Net.Http.Headers;
using System.Text;
using AgentWorkflows.Tools.Sources;
using Azure.Core;
using Azure.Identity;

namespace AgentWorkflows.Connectors.Http;

/// <summary>Credentials as the settings say, their secrets from the environment.</summary>
internal static class HttpCredentials
{
    /// <param name="http">Asks for tokens, behind the source's own floor.</param>
    /// <returns><c>null</c> when the source shows nothing.</returns>
    public static IHttpCredentials? Of(HttpAuthSettings? settings, Func<string, string?> variable, OutsideHttp http, TimeProvider time)
    {
        if (settings is null)
        {
            return null;
        }
        string Value(string text) => EnvironmentText.Expand(text, variable);
        var secret = Value(settings.Secret);
        return settings.Type switch
        {
            HttpAuthType.Bearer => new HeaderCredentials(message => message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret), [secret]),
            HttpAuthType.Basic => Basic(Value(settings.User), secret),
            HttpAuthType.ApiKey => new HeaderCredentials(ApiKey(settings, secret), [secret]),
            HttpAuthType.Oauth2 => new TokenCredentials(
                new ClientCredentialsToken(http, new Uri(Value(settings.TokenUrl)), Value(settings.User), secret, settings.Scope, settings.Audience, time).AskAsync, time)
            { Fixed = [secret] },
            HttpAuthType.ManagedIdentity => new TokenCredentials(new ManagedIdentityToken(Value(settings.User), settings.Scope).AskAsync, time),
            _ => throw new InvalidOperationException($"Unknown credentials {settings.Type}."),
        };
    }

    private static HeaderCredentials Basic(string user, string password)
    {
        var pair = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        return new HeaderCredentials(message => message.Headers.Authorization = new AuthenticationHeaderValue("Basic", pair), [password, pair]);
    }

    private static Action<HttpRequestMessage> ApiKey(HttpAuthSettings settings, string key) => settings.Place switch
    {
        ApiKeyPlace.Header => message =>
        {
            message.Headers.Remove(settings.KeyName);
            message.Headers.TryAddWithoutValidation(settings.KeyName, key);
        }
        ,
        ApiKeyPlace.Cookie => message => message.Headers.TryAddWithoutValidation("Cookie", $"{settings.KeyName}={Uri.EscapeDataString(key)}"),
        _ => message =>
        {
            var address = message.RequestUri!;
            var pair = $"{settings.KeyName}={Uri.EscapeDataString(key)}";
            message.RequestUri = new Uri($"{address.GetLeftPart(UriPartial.Path)}{(address.Query.Length > 1 ? $"{address.Query}&" : "?")}{pair}");
        }
        ,
    };
}

/// <summary>What does not change while the host runs.</summary>
internal sealed class HeaderCredentials(Action<HttpRequestMessage> apply, IReadOnlyCollection<string> secrets) : IHttpCredentials
{
    public IReadOnlyCollection<string> Secrets => secrets;

    public ValueTask ApplyAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        apply(message);
        return ValueTask.CompletedTask;
    }

    public bool Forget() => false;
}

internal sealed record BearerToken(string Value, DateTimeOffset Expires);

/// <summary>A token that is asked for when it is needed, kept until shortly before it expires, and asked for by one caller at a time.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The semaphore's wait handle, all there is to dispose of, is never made.")]
internal sealed class TokenCredentials(Func<CancellationToken, Task<BearerToken>> ask, TimeProvider time) : IHttpCredentials
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _turn = new(1);
    private volatile BearerToken? _token;

    public IReadOnlyCollection<string> Fixed { get; init; } = [];

    public IReadOnlyCollection<string> Secrets => _token is { } token ? [.. Fixed, token.Value] : Fixed;

    public async ValueTask ApplyAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        var token = _token;
        if (!IsGood(token))
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                token = IsGood(_token) ? _token : await ask(cancellationToken);
                _token = token;
            }
            finally
            {
                _turn.Release();
            }
        }
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token!.Value);
    }

    public bool Forget()
    {
        _token = null;
        return true;
    }

    private bool IsGood(BearerToken? token) => token is not null && time.GetUtcNow() < token.Expires - Early;
}

/// <summary>A token of the identity that Azure gives the host.</summary>
internal sealed class ManagedIdentityToken(string clientId, string scope)
{
    private readonly ManagedIdentityCredential _identity =
        new(clientId.Length == 0 ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(clientId));

    public async Task<BearerToken> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            var token = await _identity.GetTokenAsync(new TokenRequestContext([scope]), cancellationToken);
            return new BearerToken(token.Token, token.ExpiresOn);
        }
        catch (AuthenticationFailedException)
        {
            throw new CredentialsException("the host has no managed identity that gives a token for this", isFinal: false);
        }
    }
}
