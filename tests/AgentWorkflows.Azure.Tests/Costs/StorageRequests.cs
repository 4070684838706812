using AgentWorkflows.Azure.Tables;
using AgentWorkflows.Testing;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace AgentWorkflows.Azure.Tests.Costs;

/// <summary>
/// Counts the requests to the storage service, and "kills the process" before or after one of them: from then on it sends nothing more.
/// </summary>
internal sealed class StorageRequests(int dieAt = int.MaxValue, bool afterIt = false) : HttpPipelinePolicy
{
    private int _count;
    private volatile bool _dead;

    public int Count => _count;

    public bool Died => _dead;

    public static async Task<StorageTables> OpenAsync(string prefix, StorageRequests requests)
    {
        var options = new TableClientOptions();
        options.Retry.MaxRetries = 0;
        options.AddPolicy(requests, HttpPipelinePosition.PerCall);
        var tables = await StorageTables.OpenAsync(new TableServiceClient((await Azurite.GetAsync()).ConnectionString, options), prefix, CancellationToken.None);
        requests.Begin();
        return tables;
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var number = Interlocked.Increment(ref _count);
        var dies = number == dieAt && _begun;
        if (_dead || (dies && !afterIt))
        {
            _dead = true;
            throw new CrashException($"before request {number}");
        }
        await ProcessNextAsync(message, pipeline);
        if (dies)
        {
            _dead = true;
            throw new CrashException($"after request {number}");
        }
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

    private bool _begun;

    private void Begin() => (_count, _begun) = (0, true);
}
