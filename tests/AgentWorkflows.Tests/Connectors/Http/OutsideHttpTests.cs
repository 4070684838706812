using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AgentWorkflows.Connectors.Http;
using AgentWorkflows.TestSupport;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Sources;
using Xunit;

namespace AgentWorkflows.Tests.Connectors.Http;

public sealed class OutsideHttpTests
{
    private static readonly CancellationToken Hang = new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    [Fact]
    public async Task A_name_that_leads_elsewhere_the_second_time_is_looked_up_once_and_checked()
    {
        await using var inside = await ApiServer.StartAsync("""{"secret": 1}""");
        // The attack: whoever owns the name answers with the public address first and with the inner one when the connection is made.
        var resolver = new Rebinding([IPAddress.Parse("203.0.114.9")], [IPAddress.Loopback]);
        using var http = new OutsideHttp(new TargetRule(AllowedHosts.None, [new Uri($"http://evil.example:{inside.Port}/")]), new SetClock(), resolver);
        await resolver.ResolveAsync("evil.example", Hang);

        var answer = await http.SendAsync(new OutsideRequest(HttpMethod.Get, new Uri($"http://evil.example:{inside.Port}/")), null, 1000, Hang);

        Assert.Contains("leads to 127.0.0.1, which is this machine itself", Assert.IsType<HttpAnswer.Refused>(answer).Why, StringComparison.Ordinal);
        Assert.Equal(2, resolver.Asked);
        Assert.Empty(inside.Requests);
    }

    [Fact]
    public async Task A_name_that_leads_to_the_internet_and_inside_at_once_is_refused()
    {
        var resolver = new Rebinding([IPAddress.Parse("203.0.114.9"), IPAddress.Parse("::ffff:10.0.0.1")]);
        using var http = new OutsideHttp(new TargetRule(AllowedHosts.None, []), new SetClock(), resolver);

        var answer = await http.SendAsync(new OutsideRequest(HttpMethod.Get, new Uri("https://both.example/")), null, 1000, Hang);

        Assert.Contains("in a private network", Assert.IsType<HttpAnswer.Refused>(answer).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{other}/", "loopback")]
    [InlineData("http://169.254.169.254/latest/meta-data/", "link-local")]
    [InlineData("http://2852039166/", "link-local")]
    [InlineData("http://10.0.0.1/", "private")]
    [InlineData("http://[fd00:ec2::254]/", "metadata")]
    [InlineData("http://[::ffff:192.168.0.1]/", "private")]
    [InlineData("http://0.0.0.0/", "unspecified")]
    [InlineData("http://224.0.0.1/", "multicast")]
    [InlineData("http://198.18.0.1/", "reserved")]
    [InlineData("http://[64:ff9b::8.8.8.8]/", "inside an IPv6")]
    [InlineData("http://inner.example/", "private")]
    [InlineData("http://user@8.8.8.8/", "user")]
    [InlineData("http://8.8.8.8:25/", "port 25")]
    [InlineData("ftp://8.8.8.8/", "no http")]
    public async Task A_redirect_to_what_the_floor_closes_is_not_followed(string target, string why)
    {
        await using var other = await ApiServer.StartAsync("""{"secret": 1}""");
        await using var server = await ApiServer.StartAsync((_, context) =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = target.Replace("{other}", $"{other.Port}", StringComparison.Ordinal);
            return Task.CompletedTask;
        });
        // Only the server's own port is open, though both are on this machine.
        using var http = Http(server, new Rebinding([IPAddress.Parse("10.1.2.3")]));

        var answer = await http.SendAsync(new OutsideRequest(HttpMethod.Get, new Uri(server.Address)), null, 1000, Hang);

        Assert.Contains(target.Contains("{other}", StringComparison.Ordinal) ? "port" : why, Assert.IsType<HttpAnswer.Refused>(answer).Why, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task Credentials_and_headers_stay_with_their_origin()
    {
        await using var other = await ApiServer.StartAsync("""{"ok": true}""");
        await using var server = await ApiServer.StartAsync((request, context) =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = request.Path == "/here" ? $"{other.Address}/there" : "/here";
            return Task.CompletedTask;
        });
        using var http = new OutsideHttp(new TargetRule(AllowedHosts.Of([$"127.0.0.1:{server.Port}", $"127.0.0.1:{other.Port}"]), []), new SetClock());
        var request = new OutsideRequest(HttpMethod.Get, new Uri($"{server.Address}/start")) { Headers = [("X-Team", "blue")] };

        Assert.IsType<HttpAnswer.Answered>(await http.SendAsync(request, new Fixed("Bearer abc"), 1000, Hang));

        Assert.All(server.Requests, seen => Assert.Equal(("Bearer abc", "blue"), (seen.Headers["Authorization"], seen.Headers["X-Team"])));
        Assert.Equal(2, server.Requests.Count);
        var there = Assert.Single(other.Requests);
        Assert.False(there.Headers.ContainsKey("Authorization") || there.Headers.ContainsKey("X-Team") || there.Headers.ContainsKey("traceparent"));
    }

    [Fact]
    public async Task Redirects_in_a_circle_end()
    {
        await using var server = await ApiServer.StartAsync((_, context) =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = "/again";
            return Task.CompletedTask;
        });
        using var http = Http(server);

        Assert.Contains("6th time", Assert.IsType<HttpAnswer.Refused>(await http.SendAsync(Get(server), null, 1000, Hang)).Why, StringComparison.Ordinal);
        Assert.Equal(6, server.Requests.Count);
    }

    [Fact]
    public async Task An_answer_that_never_ends_is_read_up_to_its_bound()
    {
        await using var server = await ApiServer.StartAsync(async (_, context) =>
        {
            context.Response.ContentType = "text/plain";
            var chunk = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            }
        });
        using var http = Http(server);

        var answer = Assert.IsType<HttpAnswer.Answered>(await http.SendAsync(Get(server), null, 100_000, Hang));

        Assert.Equal((100_000, true), (answer.Body.Length, answer.IsCut));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task What_a_small_answer_unfolds_to_is_bounded_too(string encoding)
    {
        var bomb = Packed(encoding, 50_000_000);
        Assert.True(bomb.Length < 100_000);
        await using var server = await ApiServer.StartAsync(async (_, context) =>
        {
            context.Response.Headers.ContentEncoding = encoding;
            await context.Response.Body.WriteAsync(bomb);
        });
        using var http = Http(server);

        var answer = Assert.IsType<HttpAnswer.Answered>(await http.SendAsync(Get(server), null, 100_000, Hang));

        Assert.Equal((100_000, true), (answer.Body.Length, answer.IsCut));
    }

    [Fact]
    public async Task A_write_whose_answer_is_lost_is_in_doubt_and_sent_once()
    {
        await using var server = await ApiServer.StartAsync((request, context) =>
        {
            if (request.Method == "POST")
            {
                context.Abort();
            }
            return Task.CompletedTask;
        });
        using var http = Http(server);
        await http.SendAsync(Get(server), null, 1000, Hang);

        var answer = await http.SendAsync(new OutsideRequest(HttpMethod.Post, new Uri(server.Address)), null, 1000, Hang);

        Assert.IsType<HttpAnswer.Lost>(answer);
        Assert.Single(server.Requests, seen => seen.Method == "POST");
        var failure = Assert.IsType<ToolResult.Failure>(HttpResults.Of(answer, new CallTerms("book", Reads: false, RepeatSafe: false), []));
        Assert.Equal((ToolFailureKind.Transient, false), (failure.Kind, failure.RetrySafe));
    }

    [Fact]
    public async Task A_server_that_is_not_there_was_sent_nothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var http = new OutsideHttp(new TargetRule(AllowedHosts.Of([$"127.0.0.1:{port}"]), []), new SetClock());

        Assert.IsType<HttpAnswer.NotSent>(await http.SendAsync(new OutsideRequest(HttpMethod.Post, new Uri($"http://127.0.0.1:{port}/")), null, 1000, Hang));
    }

    private static OutsideRequest Get(ApiServer server) => new(HttpMethod.Get, new Uri(server.Address));

    private static OutsideHttp Http(ApiServer server, IHostResolver? resolver = null) =>
        new(new TargetRule(AllowedHosts.Of([$"127.0.0.1:{server.Port}"]), [new Uri(server.Address)]), new SetClock(), resolver);

    private static byte[] Packed(string encoding, int bytes)
    {
        using var packed = new MemoryStream();
        using (Stream stream = encoding == "br" ? new BrotliStream(packed, CompressionLevel.Optimal, true) : new GZipStream(packed, CompressionLevel.SmallestSize, true))
        {
            var block = Encoding.ASCII.GetBytes(new string('a', 100_000));
            for (var written = 0; written < bytes; written += block.Length)
            {
                stream.Write(block);
            }
        }
        return packed.ToArray();
    }

    /// <summary>Answers each look with the next list, and the last one for ever.</summary>
    private sealed class Rebinding(params IPAddress[][] answers) : IHostResolver
    {
        public int Asked { get; private set; }

        public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => Task.FromResult(answers[Math.Min(Asked++, answers.Length - 1)]);
    }

    private sealed class Fixed(string authorization) : IHttpCredentials
    {
        public IReadOnlyCollection<string> Secrets => [];

        public ValueTask ApplyAsync(HttpRequestMessage message, CancellationToken cancellationToken)
        {
            message.Headers.TryAddWithoutValidation("Authorization", authorization);
            return ValueTask.CompletedTask;
        }

        public bool Forget() => false;
    }
}
