using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Functions.Tests.Published;

/// <summary>
/// In the place of Application Insights (over TLS: identities' tokens are sent over nothing else) and of the platform's token service for managed identities.
/// Answers both as they do, and keeps what was sent.
/// </summary>
internal sealed class IngestionEndpoint : IAsyncDisposable
{
    public const string Token = "token-of-the-identity";
    private const string IdentitySecret = "identity-header";

    private readonly WebApplication _host;
    private readonly X509Certificate2 _certificate;
    private readonly string _certificateFile;
    private readonly Channel<JsonElement> _items = Channel.CreateUnbounded<JsonElement>();

    private IngestionEndpoint(WebApplication host, X509Certificate2 certificate, string certificateFile) =>
        (_host, _certificate, _certificateFile) = (host, certificate, certificateFile);

    /// <summary>The Authorization header of each delivery.</summary>
    public ConcurrentQueue<string> Authorizations { get; } = new();

    /// <summary>What the token service was asked: audience, and whose token.</summary>
    public ConcurrentQueue<(string Resource, string ClientId)> TokensAsked { get; } = new();

    /// <summary>The settings of an app with a user-assigned identity that sends here.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings =>
    [
        ("APPLICATIONINSIGHTS_CONNECTION_STRING",
            $"InstrumentationKey={Guid.Empty:D};IngestionEndpoint={Address("https", "localhost")};LiveEndpoint={Address("https", "localhost")}"),
        ("IDENTITY_ENDPOINT", Address("http", "127.0.0.1") + "msi/token"),
        ("IDENTITY_HEADER", IdentitySecret),
        ("AZURE_CLIENT_ID", "the-identity"),
        ("SSL_CERT_FILE", _certificateFile),
    ];

    public static async Task<IngestionEndpoint> StartAsync(CancellationToken cancellationToken)
    {
        var certificate = Certificate();
        var file = Path.Combine(Path.GetTempPath(), $"ingestion-{Guid.NewGuid():N}.pem");
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem(), cancellationToken);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate));
        });
        var host = builder.Build();
        var endpoint = new IngestionEndpoint(host, certificate, file);
        host.MapGet("/msi/token", endpoint.GiveToken);
        host.MapPost("/v2.1/track", endpoint.TakeAsync);
        // Live metrics: nobody looks.
        host.MapFallback(() => Results.Ok());
        await host.StartAsync(cancellationToken);
        return endpoint;
    }

    public IAsyncEnumerable<JsonElement> ItemsAsync(CancellationToken cancellationToken) => _items.Reader.ReadAllAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _certificate.Dispose();
        File.Delete(_certificateFile);
    }

    private IResult GiveToken(HttpRequest request)
    {
        if (request.Headers["X-IDENTITY-HEADER"] != IdentitySecret)
        {
            return Results.Unauthorized();
        }
        TokensAsked.Enqueue((request.Query["resource"].ToString(), request.Query["client_id"].ToString()));
        return Results.Json(new Dictionary<string, string>
        {
            ["access_token"] = Token,
            ["expires_on"] = DateTimeOffset.UtcNow.AddHours(24).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["resource"] = request.Query["resource"].ToString(),
            ["token_type"] = "Bearer",
        });
    }

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        Authorizations.Enqueue(request.Headers.Authorization.ToString());
        await using var body = request.Headers.ContentEncoding == "gzip" ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body;
        using var reader = new StreamReader(body);
        var taken = 0;
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.Length > 0)
            {
                await _items.Writer.WriteAsync(JsonElement.Parse(line));
                taken++;
            }
        }
        return Results.Json(new { itemsReceived = taken, itemsAccepted = taken, errors = Array.Empty<object>() });
    }

    private string Address(string scheme, string host)
    {
        var addresses = _host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var port = new Uri(addresses.Single(address => address.StartsWith(scheme + ":", StringComparison.Ordinal))).Port;
        return $"{scheme}://{host}:{port}/";
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
