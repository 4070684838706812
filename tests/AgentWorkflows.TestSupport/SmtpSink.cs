using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Channels;

namespace AgentWorkflows.TestSupport;

/// <summary>What a mail server of a test speaks.</summary>
public sealed record SmtpSinkOptions
{
    /// <summary>STARTTLS is offered.</summary>
    public bool StartTls { get; init; }

    /// <summary>TLS from the first byte.</summary>
    public bool Implicit { get; init; }

    /// <summary>Addresses with letters beyond ASCII before the @ are taken.</summary>
    public bool Utf8 { get; init; }

    /// <summary>What is answered to a recipient; <c>null</c>: it is taken.</summary>
    public Func<string, string?> Recipient { get; init; } = _ => null;

    /// <summary>What is answered to a login, whatever it is; <c>null</c>: none is offered.</summary>
    public string? Login { get; init; }
}

/// <summary>A mail server that takes everything on a free port of this machine and keeps it, with a certificate of its own where it speaks TLS.</summary>
public sealed class SmtpSink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Channel<string> _messages = Channel.CreateUnbounded<string>();
    private readonly CancellationTokenSource _stop = new();
    private readonly SmtpSinkOptions _options;
    private readonly Task _loop;

    public SmtpSink(SmtpSinkOptions? options = null)
    {
        _options = options ?? new SmtpSinkOptions();
        _listener.Start();
        _loop = Task.Run(AcceptAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>For localhost; nobody has signed it but itself.</summary>
    public X509Certificate2 Certificate { get; } = CreateCertificate();

    public bool HasMore => _messages.Reader.TryPeek(out _);

    /// <summary>The next message as it came over the wire, dots unstuffed.</summary>
    public async Task<string> NextAsync() => await _messages.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop;
        _stop.Dispose();
        Certificate.Dispose();
    }

    private async Task AcceptAsync()
    {
        var clients = new List<Task>();
        try
        {
            while (true)
            {
                clients.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var owned = client;
        Stream stream = client.GetStream();
        try
        {
            if (_options.Implicit)
            {
                stream = await SecureAsync(stream);
            }
            while (await TalkAsync(stream, greets: stream is not SslStream || _options.Implicit))
            {
                stream = await SecureAsync(stream);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or AuthenticationException)
        {
            // The client has gone, or does not trust the certificate.
        }
    }

    /// <returns>True: the client goes on over TLS.</returns>
    private async Task<bool> TalkAsync(Stream stream, bool greets)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\r\n", AutoFlush = true };
        if (greets)
        {
            await writer.WriteLineAsync("220 sink");
        }
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            var verb = line.Length >= 4 ? line[..4].ToUpperInvariant() : line;
            if (verb == "DATA")
            {
                await writer.WriteLineAsync("354 go on");
                await _messages.Writer.WriteAsync(await ReadDataAsync(reader));
            }
            await writer.WriteLineAsync(Answer(verb, line, stream is SslStream));
            if (verb is "QUIT" or "STAR")
            {
                return verb == "STAR";
            }
        }
        return false;
    }

    private string Answer(string verb, string line, bool secured) => verb switch
    {
        "EHLO" => string.Concat(Capabilities(secured).Select(capability => $"250-{capability}\r\n")) + "250 SIZE 10000000",
        "QUIT" => "221 bye",
        "STAR" => "220 go on",
        "AUTH" => _options.Login ?? "502 no login",
        "RCPT" => _options.Recipient(line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)]) ?? "250 ok",
        _ => "250 ok",
    };

    private IEnumerable<string> Capabilities(bool secured)
    {
        yield return "sink";
        if (_options.StartTls && !secured)
        {
            yield return "STARTTLS";
        }
        if (_options.Login is not null)
        {
            yield return "AUTH PLAIN";
        }
        if (_options.Utf8)
        {
            yield return "8BITMIME";
            yield return "SMTPUTF8";
        }
    }

    private async Task<SslStream> SecureAsync(Stream stream)
    {
        var secured = new SslStream(stream);
        await secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, _stop.Token);
        return secured;
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private async Task<string> ReadDataAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
        {
            text.Append(line.StartsWith('.') ? line[1..] : line).Append('\n');
        }
        return text.ToString();
    }
}
