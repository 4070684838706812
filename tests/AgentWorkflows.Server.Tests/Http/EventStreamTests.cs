using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentWorkflows.AspNetCore.Live;
using AgentWorkflows.AspNetCore.Security;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentWorkflows.Server.Tests.Http;

/// <summary>Streams of changes, as a client without a browser reads them.</summary>
public class EventStreamTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task Session_IsFollowedToItsApproval_WithEachTimelineEntryOnceAndInOrder()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartSessionAsync("one", "Refund order 1042");
        using var stream = await OpenAsync(server, "api/sessions/one/events");
        var sequences = new List<long>();
        var status = "";

        while (status != "AwaitingApproval" || sequences.Count < 7)
        {
            var (name, data) = await stream.NextAsync();
            if (name == "timeline")
            {
                sequences.AddRange(data.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("sequence").GetInt64()));
            }
            else
            {
                status = data.GetProperty("status").GetString()!;
            }
        }

        Assert.Equal(sequences.Distinct().Order(), sequences);
    }

    [Fact(Timeout = Timeout)]
    public async Task All_TellsWhichSessionsChanged_AndUsersOnlyOfTheirOwn()
    {
        await using var server = await TestServer.StartAsync(Key("one", "u-1", ApiRoles.Read | ApiRoles.Start), Key("ops", "ops", ApiRoles.Operate | ApiRoles.Start));
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "one");
        using var own = await OpenAsync(server, "api/events");
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "ops");
        using var all = await OpenAsync(server, "api/events");

        await server.StartSessionAsync("others", "Refund order 1043", "u-2");
        while (!(await all.NextAsync()).Data.GetProperty("sessions").EnumerateArray().Any(id => id.GetString() == "others"))
        {
        }
        await server.StartSessionAsync("mine", "Refund order 1042", "u-1");
        var seen = (await own.NextAsync()).Data.GetProperty("sessions").EnumerateArray().Select(id => id.GetString()).ToList();

        Assert.Equal(["mine"], seen);
    }

    [Fact(Timeout = Timeout)]
    public async Task All_TellsAnApproverOfOthersSessions_OnlyWhatWaitsForThem()
    {
        await using var server = await TestServer.StartAsync(
            Key("one", "u-1", ApiRoles.Read | ApiRoles.Start | ApiRoles.Approve), Key("ops", "ops", ApiRoles.Operate | ApiRoles.Start));
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "one");
        using var approver = await OpenAsync(server, "api/events");
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "ops");
        using var all = await OpenAsync(server, "api/events");

        await server.StartSessionAsync("looks", "What is the state of order 1043?", "u-2");
        while (!(await all.NextAsync()).Data.GetProperty("sessions").EnumerateArray().Any(id => id.GetString() == "looks"))
        {
        }
        await server.StartSessionAsync("asks", "Refund order 1042", "u-2");
        var seen = (await approver.NextAsync()).Data.GetProperty("sessions").EnumerateArray().Select(id => id.GetString()).ToList();

        Assert.Equal(["asks"], seen);
    }

    [Fact(Timeout = Timeout)]
    public async Task Stream_EndsWhenTheHostStops()
    {
        await using var server = await TestServer.StartAsync();
        using var stream = await OpenAsync(server, "api/events");

        server.Services.GetRequiredService<LiveFeed>().Close();

        await Assert.ThrowsAsync<EndOfStreamException>(stream.NextAsync);
    }

    [Fact(Timeout = Timeout)]
    public async Task OneListenerTooMany_IsToldToPoll()
    {
        await using var server = await TestServer.StartAsync();
        var feed = server.Services.GetRequiredService<LiveFeed>();
        var listeners = new List<IDisposable>();
        while (feed.TryListen(null) is { } listener)
        {
            listeners.Add(listener);
        }

        using var refused = await server.Http.GetAsync(new Uri("api/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        listeners.ForEach(listener => listener.Dispose());
        using var taken = await server.Http.GetAsync(new Uri("api/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (refused.StatusCode, taken.StatusCode));
    }

    private static ApiKey Key(string key, string user, ApiRoles roles) => new(key, SHA256.HashData(Encoding.UTF8.GetBytes(key)), roles, user);

    private static async Task<Reader> OpenAsync(TestServer server, string path)
    {
        var response = await server.Http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new Reader(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    private sealed class Reader(HttpResponseMessage response, StreamReader lines) : IDisposable
    {
        /// <summary>The next event; comments are passed over.</summary>
        public async Task<(string Name, JsonElement Data)> NextAsync()
        {
            var name = "";
            while (await lines.ReadLineAsync() is { } line)
            {
                if (line.StartsWith("event: ", StringComparison.Ordinal))
                {
                    name = line[7..];
                }
                else if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    return (name, JsonElement.Parse(line[6..]));
                }
            }
            throw new EndOfStreamException();
        }

        public void Dispose()
        {
            lines.Dispose();
            response.Dispose();
        }
    }
}
