using System.Text.Json;
using AgentWorkflows.Http;

namespace AgentWorkflows.Server.Cli;

/// <summary>What a server answered to a command: its JSON, or why it did nothing.</summary>
internal sealed record CommandAnswer(JsonElement? Body, string? Refusal);

internal sealed partial class RemoteData
{
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
