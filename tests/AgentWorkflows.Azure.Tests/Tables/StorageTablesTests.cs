using AgentWorkflows.Azure.Tables;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Xunit;

namespace AgentWorkflows.Azure.Tests.Tables;

public sealed class StorageTablesTests
{
    [Fact(Timeout = 600_000)]
    public async Task WithoutStorage_TheTablesAreThereToBeAskedAgain()
    {
        var options = new TableClientOptions();
        options.Retry.MaxRetries = 0;
        // Nobody listens on the discard port.
        var tables = StorageTables.Of(
            new TableServiceClient(
                "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:9/a;", options), "t");

        await Assert.ThrowsAnyAsync<Exception>(() => tables.EnsureAsync(CancellationToken.None));
        await Assert.ThrowsAnyAsync<Exception>(() => tables.EnsureAsync(CancellationToken.None));
    }

    [Fact(Timeout = 600_000)]
    public async Task WithoutStorage_ManyWhoWaitShareOneAttempt()
    {
        var attempts = new HeldRequests();
        var options = new TableClientOptions();
        options.Retry.MaxRetries = 0;
        options.AddPolicy(attempts, HttpPipelinePosition.PerCall);
        var tables = StorageTables.Of(
            new TableServiceClient("DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:9/a;", options), "t");
        var first = tables.EnsureAsync(CancellationToken.None);
        var sent = attempts.Count;
        var others = Enumerable.Range(0, 8).Select(_ => tables.EnsureAsync(CancellationToken.None)).ToList();
        Assert.InRange(sent, 1, int.MaxValue);
        Assert.Equal(sent, attempts.Count);

        attempts.Release();

        await Assert.ThrowsAnyAsync<Exception>(() => first);
        foreach (var other in others)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => other);
        }
        Assert.Equal(sent, attempts.Count);
    }

    [Fact(Timeout = 600_000)]
    public async Task ManyWhoNeedThem_CreateTheTablesOnce()
    {
        var service = new TableServiceClient((await Azurite.GetAsync()).ConnectionString);
        var tables = StorageTables.Of(service, "once" + Guid.NewGuid().ToString("N")[..8]);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => tables.EnsureAsync(CancellationToken.None)));

        await tables.DailyClaims.UpsertEntityAsync(new TableEntity("p", "r"), TableUpdateMode.Replace, CancellationToken.None);
    }

    private sealed class HeldRequests : HttpPipelinePolicy
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;

        public int Count => _count;

        public void Release() => _released.SetResult();

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            Interlocked.Increment(ref _count);
            await _released.Task;
            await ProcessNextAsync(message, pipeline);
        }

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();
    }
}
