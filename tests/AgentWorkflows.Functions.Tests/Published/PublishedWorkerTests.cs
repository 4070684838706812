using System.Text.Json;
using AgentWorkflows.Azure.Tests;
using AgentWorkflows.Functions.Tests.Hosting;
using AgentWorkflows.WorkerProtocol;
using Xunit;

namespace AgentWorkflows.Functions.Tests.Published;

/// <summary>What is deployed starts, and answers, when it is spoken to as the platform speaks to it.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class PublishedWorkerTests : IDisposable
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(10));

    [Fact]
    public async Task It_loads_its_functions_and_answers_although_its_storage_is_not_there()
    {
        await using var worker = await PublishedWorker.StartAsync(PublishedWorker.NoStorage, _limit.Token);

        var functions = JsonSerializer.Deserialize<JsonElement>(
            await File.ReadAllTextAsync(Path.Combine(TestSupport.PublishedApp.Folder, "functions.metadata"), _limit.Token));
        Assert.Equal(
            functions.EnumerateArray().Select(function => function.GetProperty("name").GetString()).Order(StringComparer.Ordinal),
            worker.Functions.Select(function => function.Name).Order(StringComparer.Ordinal));
        var live = await worker.GetAsync("Api", "/health/live", _limit.Token);
        Assert.Equal((200, "live"), (live.Status, JsonSerializer.Deserialize<JsonElement>(live.Body).GetProperty("status").GetString()));
        // Whoever asks whether the process lives is not kept waiting for a storage that does not answer.
        Assert.DoesNotContain(worker.Lines, line => line.Category == "AgentWorkflows.Functions.Hosting.TablesFirst");
        Assert.Equal(401, (await worker.GetAsync("Api", "/api/agents", _limit.Token, key: null)).Status);
        var unknown = await worker.GetAsync("Api", "/api/nothing", _limit.Token);
        Assert.Equal((404, "not_found"), (unknown.Status, JsonSerializer.Deserialize<JsonElement>(unknown.Body).GetProperty("code").GetString()));
    }

    [AzuriteFact]
    public async Task It_answers_from_its_storage()
    {
        await using var worker = await PublishedWorker.StartAsync((await Azurite.GetAsync()).ConnectionString, _limit.Token);

        var agents = await worker.GetAsync("Api", "/api/agents", _limit.Token);
        var sessions = await worker.GetAsync("Api", "/api/sessions", _limit.Token);

        Assert.Contains("note-desk", agents.Body, StringComparison.Ordinal);
        Assert.Equal((200, 0), (sessions.Status, JsonSerializer.Deserialize<JsonElement>(sessions.Body).GetProperty("sessions").GetArrayLength()));
        Assert.Null((await worker.InvokeAsync("Maintenance", "{}", _limit.Token)).Failure);
    }

    [Fact]
    public async Task Settings_that_are_wrong_end_it_with_each_of_them_named()
    {
        var failed = await Assert.ThrowsAsync<WorkerFailedException>(
            () => PublishedWorker.StartAsync("", _limit.Token, ("AGENTWORKFLOWS_APPROVAL_KEYS", "short")));

        Assert.Contains("AzureWebJobsStorage__tableServiceUri must be", failed.Message, StringComparison.Ordinal);
        Assert.Contains("AGENTWORKFLOWS_APPROVAL_KEYS", failed.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _limit.Dispose();
}
