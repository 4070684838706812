using AgentWorkflows.Azure.Tests;
using AgentWorkflows.Functions.Tests.Hosting;
using AgentWorkflows.WorkerProtocol;
using Xunit;
using Xunit.Abstractions;

namespace AgentWorkflows.Functions.Tests.Published;

/// <summary>What the published worker says to the host: the product's own lines, with the invocation without which the host shows none, and hardly another.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class WorkerLogTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>Nobody listens there either.</summary>
    private const string Telemetry = "InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=http://127.0.0.1:1/;LiveEndpoint=http://127.0.0.1:1/";

    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(10));

    [Theory]
    [InlineData(null)]
    [InlineData(Telemetry)]
    public async Task Lines_of_the_app_carry_their_invocation(string? connection)
    {
        await using var worker = await StartAsync(PublishedWorker.NoStorage, connection);

        var (status, _, invocation) = await worker.GetAsync("Api", "/api/sessions", _limit.Token);

        Assert.Equal(500, status);
        var lines = await LinesAsync(worker, line => line.Category == "AgentWorkflows.AspNetCore.Routing.ApiPipeline");
        // From a middleware, and from what the function answered, which runs when the function has returned.
        Assert.Contains(lines, line => line.Category == "AgentWorkflows.Functions.Hosting.TablesFirst" && line.InvocationId == invocation && line.OfApp);
        Assert.Contains(lines, line => line.Category == "AgentWorkflows.AspNetCore.Routing.ApiPipeline" && line.InvocationId == invocation && line.OfApp);
    }

    [AzuriteTheory]
    [InlineData(null)]
    [InlineData(Telemetry)]
    public async Task Five_idle_minutes_and_a_request_are_few_lines(string? connection)
    {
        await using var worker = await StartAsync((await Azurite.GetAsync()).ConnectionString, connection);
        var (lines, console) = (worker.Lines.Count, worker.Output.Length);

        for (var minute = 0; minute < 5; minute++)
        {
            Assert.Null((await worker.InvokeAsync("Maintenance", "{}", _limit.Token)).Failure);
        }
        // Nobody answers at the engine's address here: of the rest only the comparison of engine and record needs it, and it tells the platform so.
        Assert.Contains("Unavailable", (await worker.InvokeAsync("DailyWork", "{}", _limit.Token)).Failure, StringComparison.Ordinal);
        Assert.Equal(200, (await worker.GetAsync("Api", "/api/sessions", _limit.Token)).Status);

        var said = worker.Lines.Skip(lines).ToList();
        output.WriteLine($"{lines} lines at start, {said.Count} since:");
        said.ForEach(line => output.WriteLine($"{line.Level} {line.Category} {line.Text}"));
        output.WriteLine(worker.Output[console..]);
        // Retention says once a day what it forgot; each invocation of a timer or a request says nothing when there is nothing to say.
        Assert.True(said.Count <= 3, $"{said.Count} lines.");
        Assert.Equal("", worker.Output[console..]);
    }

    public void Dispose() => _limit.Dispose();

    private Task<FunctionsWorker> StartAsync(string storage, string? connection) => PublishedWorker.StartAsync(
        storage, _limit.Token, connection is null ? [] : [("APPLICATIONINSIGHTS_CONNECTION_STRING", connection)]);

    /// <summary>Lines are on their way in the same stream as the answer, and may come after it.</summary>
    private async Task<IReadOnlyList<WorkerLine>> LinesAsync(FunctionsWorker worker, Predicate<WorkerLine> last)
    {
        await worker.SaidAsync(last, _limit.Token);
        worker.Lines.ToList().ForEach(line => output.WriteLine($"{line.Level} {line.Category} {line.InvocationId} {line.Text}"));
        return worker.Lines;
    }
}
