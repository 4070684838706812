using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AgentWorkflows.Approvals;
using AgentWorkflows.AspNetCore;
using AgentWorkflows.AspNetCore.Approvals;
using AgentWorkflows.AspNetCore.Reports;
using AgentWorkflows.AspNetCore.Sessions;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Words;

namespace AgentWorkflows.Server.Cli;

/// <summary>Talks to the API of a running server (<c>--url</c>). The key comes from the environment: command lines are seen by others.</summary>
internal sealed partial class RemoteData : IWorkflowData
{
    public const string KeyVariable = "AGENTWORKFLOWS_API_KEY";

    /// <summary>Far more than a page of anything has; a whole day's entries are streamed.</summary>
    private const int MaxResponseBytes = 64 * 1024 * 1024;

    private readonly HttpClient _http;

    public RemoteData(Uri address, string? key)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30), MaxResponseContentBufferSize = MaxResponseBytes };
        if (key is { Length: > 0 })
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
    }

    public async Task<SessionListResponse> ListSessionsAsync(SessionFilter filter, CancellationToken cancellationToken) =>
        await GetAsync<SessionListResponse>(
            "api/sessions?" + Query(("status", filter.Status), ("agent", filter.Agent), ("user", filter.User), ("taskType", filter.TaskType), ("limit", $"{filter.Limit}"), ("cursor", filter.Cursor)),
            cancellationToken) ?? new SessionListResponse([], null);

    public Task<SessionResponse?> GetSessionAsync(string id, CancellationToken cancellationToken) =>
        GetAsync<SessionResponse>($"api/sessions/{Uri.EscapeDataString(id)}", cancellationToken);

    public async Task<IReadOnlyList<TimelineItem>> ListTimelineAsync(string id, CancellationToken cancellationToken)
    {
        var items = new List<TimelineItem>();
        while (await GetAsync<TimelineResponse>(
            $"api/sessions/{Uri.EscapeDataString(id)}/timeline?after={(items.Count > 0 ? items[^1].Sequence : 0)}", cancellationToken) is { Entries.Count: > 0 } page)
        {
            items.AddRange(page.Entries);
        }
        return items;
    }

    public Task<LedgerResponse?> GetLedgerAsync(string id, CancellationToken cancellationToken) =>
        GetAsync<LedgerResponse>($"api/sessions/{Uri.EscapeDataString(id)}/ledger", cancellationToken);

    public async Task<DailyReportResponse> GetReportAsync(DateOnly? date, string? user, CancellationToken cancellationToken) =>
        await GetAsync<DailyReportResponse>($"api/reports/daily?{ReportQuery(date, user)}", cancellationToken)
        ?? throw new StartupException($"{_http.BaseAddress} has no reports.");

    public async Task WriteEntriesAsync(DateOnly? date, string? user, TextWriter output, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            token => _http.GetAsync(new Uri($"api/reports/daily?format=csv&{ReportQuery(date, user)}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, token),
            cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new StartupException($"{_http.BaseAddress} answered {(int)response.StatusCode}: {await DetailAsync(response, cancellationToken)}");
        }
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            await output.WriteLineAsync(line);
        }
    }

    public async Task<IReadOnlyList<ApprovalResponse>> ListApprovalsAsync(ApprovalStatus? status, string? session, CancellationToken cancellationToken) =>
        (await GetAsync<ApprovalListResponse>("api/approvals?" + Query(("status", status?.ToString()), ("session", session)), cancellationToken))?.Approvals ?? [];

    public Task<ApprovalResponse?> GetApprovalAsync(string id, CancellationToken cancellationToken) =>
        GetAsync<ApprovalResponse>($"api/approvals/{Uri.EscapeDataString(id)}", cancellationToken);

    public async Task<(bool Done, string Message)> DecideAsync(string id, Decide decision, CancellationToken cancellationToken)
    {
        var body = new Dictionary<string, object>
        {
            ["decision"] = SnakeCase.Of(decision.Kind),
            ["argumentsHash"] = decision.ArgumentsHash,
            ["approver"] = decision.Approver,
        };
        if (decision.Reason is { } reason)
        {
            body["reason"] = reason;
        }
        if (decision.Arguments is { } arguments)
        {
            body["arguments"] = arguments;
        }
        var response = await SendAsync(
            token => _http.PostAsJsonAsync($"api/approvals/{Uri.EscapeDataString(id)}/decision", body, ApiJson.Options, token), cancellationToken);
        using (response)
        {
            if (!response.IsSuccessStatusCode)
            {
                return (false, "Not decided: " + await DetailAsync(response, cancellationToken));
            }
            var approval = await response.Content.ReadFromJsonAsync<ApprovalResponse>(ApiJson.Options, cancellationToken);
            return (true, $"{approval?.Status}: {approval?.Tool}.");
        }
    }

    public async Task<(bool Started, string Message)> RollbackAsync(string id, string? reason, CancellationToken cancellationToken)
    {
        var body = reason is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["reason"] = reason };
        using var response = await SendAsync(
            token => _http.PostAsJsonAsync($"api/sessions/{Uri.EscapeDataString(id)}/rollback", body, ApiJson.Options, token), cancellationToken);
        return response.IsSuccessStatusCode
            ? (true, $"The rollback of {id} has started. Follow it: the command show {id} --url {_http.BaseAddress}")
            : (false, "Not rolled back: " + await DetailAsync(response, cancellationToken));
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <returns><c>null</c> for 404.</returns>
    private async Task<T?> GetAsync<T>(string path, CancellationToken cancellationToken)
        where T : class
    {
        using var response = await SendAsync(token => _http.GetAsync(new Uri(path, UriKind.Relative), token), cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        return response.IsSuccessStatusCode
            ? await response.Content.ReadFromJsonAsync<T>(ApiJson.Options, cancellationToken)
            : throw new StartupException($"{_http.BaseAddress} answered {(int)response.StatusCode}: {await DetailAsync(response, cancellationToken)}");
    }

    private async Task<HttpResponseMessage> SendAsync(Func<CancellationToken, Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        try
        {
            return await send(cancellationToken);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new StartupException($"{_http.BaseAddress} answered with more than {MaxResponseBytes / (1024 * 1024)} MB. Is that the server?", exception);
        }
        catch (HttpRequestException exception)
        {
            throw new StartupException($"Cannot reach {_http.BaseAddress}: {exception.Message}. Is the server running there?", exception);
        }
    }

    private static async Task<string> DetailAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            return problem.TryGetProperty("detail", out var detail) ? detail.ToString() : response.ReasonPhrase ?? "";
        }
        catch (JsonException)
        {
            return response.ReasonPhrase ?? "";
        }
    }

    private static string ReportQuery(DateOnly? date, string? user) =>
        Query(("date", date?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)), ("user", user));

    private static string Query(params (string Name, string? Value)[] values) =>
        string.Join('&', values.Where(pair => pair.Value is not null).Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value!)}"));
}
