using AgentWorkflows.Azure.Tables;
using Azure.Data.Tables;
using Xunit;

namespace AgentWorkflows.Azure.Tests.Tables;

public sealed class StorageTablesTests
{
    [Fact(Timeout = 60_000)]
    public async Task WithoutStorage_TheTablesAreThereToBeAskedAgain()
    {
        var options = new TableClientOptions();
        options.Retry.MaxRetries = 0;
        // Nobody listens on the discard port.
        using var tables = StorageTables.Of(
            new TableServiceClient(
                "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:9/a;", options), "t");

        await Assert.ThrowsAnyAsync<Exception>(() => tables.EnsureAsync(CancellationToken.None));
        await Assert.ThrowsAnyAsync<Exception>(() => tables.EnsureAsync(CancellationToken.None));
    }

    [Fact(Timeout = 60_000)]
    public async Task ManyWhoNeedThem_CreateTheTablesOnce()
    {
        var service = new TableServiceClient((await Azurite.GetAsync()).ConnectionString);
        using var tables = StorageTables.Of(service, "once" + Guid.NewGuid().ToString("N")[..8]);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => tables.EnsureAsync(CancellationToken.None)));

        await tables.Sample.UpsertEntityAsync(new TableEntity("p", "r"), TableUpdateMode.Replace, CancellationToken.None);
    }
}
