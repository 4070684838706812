using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace AgentWorkflows.TestSupport;

/// <summary>Takes POSTs on a free port of this machine, keeps them and answers as a test says, in the place of Teams, Slack and anybody's webhook.</summary>
public sealed class HttpSink : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Channel<HttpSinkPost> _posts = Channel.CreateUnbounded<HttpSinkPost>();
    private readonly Func<int, (int Status, string? Location)> _answer;
    private readonly Task _loop;

    /// <param name="answer">From the number of the post, from 1, to the answer's status; default 202 as Teams gives.</param>
    public HttpSink(Func<int, (int Status, string? Location)>? answer = null)
    {
        _answer = answer ?? (_ => (202, null));
        Url = new Uri($"http://127.0.0.1:{FreePort()}/hook/secret-part?sig=s3cr3t");
        _listener.Prefixes.Add($"http://127.0.0.1:{Url.Port}/");
        _listener.Start();
        _loop = Task.Run(ServeAsync);
    }

    public Uri Url { get; }

    public async Task<HttpSinkPost> NextAsync() => await _posts.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public bool HasMore => _posts.Reader.TryPeek(out _);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _loop;
        ((IDisposable)_listener).Dispose();
    }

    private async Task ServeAsync()
    {
        for (var number = 1; ; number++)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            var headers = context.Request.Headers.AllKeys.ToDictionary(name => name!, name => context.Request.Headers[name]!, StringComparer.OrdinalIgnoreCase);
            var (status, location) = _answer(number);
            context.Response.StatusCode = status;
            context.Response.RedirectLocation = location ?? "";
            context.Response.Close();
            await _posts.Writer.WriteAsync(new HttpSinkPost(context.Request.Url!, headers, body.ToArray()));
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

public sealed record HttpSinkPost(Uri Url, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}
