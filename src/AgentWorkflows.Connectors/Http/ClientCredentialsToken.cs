using System.Net;
using System.Text;
using System.Text.Json;

namespace AgentWorkflows.Connectors.Http;

/// <summary>OAuth2 client credentials (RFC 6749, 4.4): the id and the secret go in the header, and where a server does not take them there (400, 401), in the form.</summary>
internal sealed class ClientCredentialsToken(OutsideHttp http, Uri tokenUrl, string clientId, string secret, string scope, string audience, TimeProvider time)
{
    private const int MaxBytes = 64 * 1024;
    private const int DefaultLifetimeSeconds = 300;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    public async Task<BearerToken> AskAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var answer = await SendAsync(inHeader: true, stop.Token);
            if (answer is HttpAnswer.Answered { Status: HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized })
            {
                answer = await SendAsync(inHeader: false, stop.Token);
            }
            return Read(answer);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CredentialsException($"{tokenUrl.IdnHost} gave no token within {Timeout.TotalSeconds:0} s", isFinal: false);
        }
    }

    private Task<HttpAnswer> SendAsync(bool inHeader, CancellationToken cancellationToken)
    {
        var form = new List<string> { "grant_type=client_credentials" };
        void Add(string name, string value)
        {
            if (value.Length > 0)
            {
                form.Add($"{name}={Uri.EscapeDataString(value)}");
            }
        }
        Add("scope", scope);
        Add("audience", audience);
        if (!inHeader)
        {
            Add("client_id", clientId);
            Add("client_secret", secret);
        }
        var pair = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(clientId)}:{Uri.EscapeDataString(secret)}"));
        return http.SendAsync(
            new OutsideRequest(HttpMethod.Post, tokenUrl)
            {
                Body = Encoding.UTF8.GetBytes(string.Join('&', form)),
                ContentType = "application/x-www-form-urlencoded",
                Headers = inHeader ? [("Authorization", $"Basic {pair}")] : [],
            },
            null, MaxBytes, cancellationToken);
    }

    private BearerToken Read(HttpAnswer answer)
    {
        switch (answer)
        {
            case HttpAnswer.Answered { Status: HttpStatusCode.OK, IsCut: false } given when Token(given.Body) is var (value, seconds):
                return new BearerToken(value, time.GetUtcNow() + TimeSpan.FromSeconds(seconds));
            case HttpAnswer.Answered { Status: HttpStatusCode.OK }:
                throw new CredentialsException($"{tokenUrl.IdnHost} answered without a token", isFinal: false);
            case HttpAnswer.Answered refused:
                // Its text may repeat what it was shown.
                throw new CredentialsException($"{tokenUrl.IdnHost} gives no token: it answered {(int)refused.Status}", isFinal: (int)refused.Status is >= 400 and < 500 and not (408 or 429));
            case HttpAnswer.Refused refused:
                throw new CredentialsException(refused.Why, isFinal: true);
            case HttpAnswer.NotSent lost:
                throw new CredentialsException(lost.Why, isFinal: false);
            case HttpAnswer.Lost lost:
                throw new CredentialsException(lost.Why, isFinal: false);
            default:
                throw new InvalidOperationException($"Unknown answer {answer.GetType().Name}.");
        }
    }

    private static (string Value, int Seconds)? Token(byte[] body)
    {
        try
        {
            var json = JsonDocument.Parse(body).RootElement;
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("access_token", out var token) || token.GetString() is not { Length: > 0 } value)
            {
                return null;
            }
            return (value, json.TryGetProperty("expires_in", out var expires) && int.TryParse(expires.ToString(), out var seconds) && seconds > 0 ? seconds : DefaultLifetimeSeconds);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
