using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace AgentWorkflows.DurableHost.Tests.Apps;

/// <summary>
/// The app's API as a client uses it that knows of restarts: what cannot be reached, or is being started, is asked again.
/// </summary>
internal sealed class SessionsOverHttp(Func<Uri> address) : IDisposable
{
    /// <summary>Only ends a hang.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private static readonly string[] Ended =
        ["Completed", "CompletedPartially", "Halted", "Rejected", "Failed", "RolledBack", "RollbackIncomplete", "Terminated"];

    private readonly HttpClient _http = new() { Timeout = Patience };

    /// <summary>
    /// Starts a session of the sample agent, which reads a topic, writes a note on it after a person agrees, and answers.
    /// </summary>
    public async Task<string> StartAsync(string topic, string text)
    {
        var started = await PostAsync("/api/sessions", new
        {
            agent = "note-desk",
            goal = $"Leave a note on {topic}: {text}",
            taskType = "note",
            context = new { project_id = "p", user_id = "u-1", budget_limit = 0.5, task_priority = "normal" },
        });
        return started.GetProperty("id").GetString()!;
    }

    public Task<JsonElement> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<JsonElement> PostAsync(string path, object? body = null) =>
        SendAsync(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body));

    public async Task<JsonElement> SessionAsync(string id) => await GetAsync($"/api/sessions/{id}");

    public async Task<JsonElement> PendingAsync(string sessionId) => (await UntilAsync(
        () => GetAsync($"/api/approvals?session={sessionId}&status=Pending"),
        list => list.GetProperty("approvals").GetArrayLength() > 0)).GetProperty("approvals")[0];

    public async Task DecideAsync(JsonElement approval, string decision, string? reason = null) =>
        await PostAsync($"/api/approvals/{approval.GetProperty("id").GetString()}/decision", new
        {
            decision,
            approver = "bo",
            reason,
            argumentsHash = approval.GetProperty("argumentsHash").GetString(),
        });

    public async Task ApproveAsync(string sessionId) => await DecideAsync(await PendingAsync(sessionId), "approve");

    public Task<JsonElement> StatusAsync(string id, string status) =>
        UntilAsync(() => SessionAsync(id), session => session.GetProperty("status").GetString() == status);

    public Task<JsonElement> EndAsync(string id) =>
        UntilAsync(() => SessionAsync(id), session => Ended.Contains(session.GetProperty("status").GetString()));

    /// <summary>Without redirects and retries: the answer as it is.</summary>
    public Task<HttpResponseMessage> RawAsync(HttpRequestMessage request)
    {
        request.RequestUri = new Uri(address(), request.RequestUri!.OriginalString);
        return _http.SendAsync(request);
    }

    public static async Task<T> UntilAsync<T>(Func<Task<T>> read, Func<T, bool> expected)
    {
        using var patience = new CancellationTokenSource(Patience);
        for (var value = await read(); ; value = await read())
        {
            if (expected(value))
            {
                return value;
            }
            Assert.False(patience.IsCancellationRequested, $"Still after {Patience}: {value}");
            await Task.Delay(Pace);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, HttpContent? body)
    {
        var answer = await UntilAsync(() => TryAsync(method, path, body), answer => answer is not null);
        var text = await answer!.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    private async Task<HttpResponseMessage?> TryAsync(HttpMethod method, string path, HttpContent? body)
    {
        try
        {
            var answer = await _http.SendAsync(new HttpRequestMessage(method, new Uri(address(), path)) { Content = body });
            return answer.StatusCode == HttpStatusCode.ServiceUnavailable ? null : answer;
        }
        catch (HttpRequestException refused) when (refused.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return null;
        }
    }
}
