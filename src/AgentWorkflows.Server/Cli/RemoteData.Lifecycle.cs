using System.Text.Json;
using AgentWorkflows.AspNetCore;
using AgentWorkflows.AspNetCore.Operations;

namespace AgentWorkflows.Server.Cli;

/// <summary>What a server answered to a command: its JSON, or why it did nothing.</summary>
internal sealed record CommandAnswer(JsonElement? Body, string? Refusal);

internal sealed partial class RemoteData
{
    public Task<ReadinessResponse?> ReadinessAsync(CancellationToken cancellationToken) => GetAsync<ReadinessResponse>("api/readiness", cancellationToken);

    public Task<ReplayResponse?> ReplayAsync(string id, CancellationToken cancellationToken) =>
        GetAsync<ReplayResponse>($"api/sessions/{Uri.EscapeDataString(id)}/replay", cancellationToken);

    /// <summary>Posts <c>api/sessions/{id}/{command}</c>.</summary>
    public async Task<CommandAnswer> CommandAsync(string id, string command, object body, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            token => _http.PostAsJsonAsync($"api/sessions/{Uri.EscapeDataString(id)}/{command}", body, ApiJson.Options, token), cancellationToken);
        return response.IsSuccessStatusCode
            ? new CommandAnswer(await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken), null)
            : new CommandAnswer(null, await DetailAsync(response, cancellationToken));
    }
}
