using AgentWorkflows.Approvals;
using AgentWorkflows.Costs;
using AgentWorkflows.Hosting;
using AgentWorkflows.Hosting.Settings;
using AgentWorkflows.Operations.Reports;
using AgentWorkflows.Operations.Retention;
using AgentWorkflows.Testing;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Xunit;

namespace AgentWorkflows.Tests.Hosting;

/// <summary>What a host is told before it starts.</summary>
public sealed class BuilderTests
{
    [Fact]
    public void WhatIsMissing_IsNamedAtStart_WithTheCallThatAddsIt()
    {
        var problems = Problems(new ServiceCollection().AddAgentWorkflows(Configuration()));

        Assert.Contains("There is no IOrchestrationClient (a durable engine). Call UseEmbeddedEngine(...), of the package AgentWorkflows.Server, or run as a Functions app.", problems);
        Assert.Contains(problems, problem => problem.StartsWith("There is no ICostLedger (the cost ledger).", StringComparison.Ordinal)
            && problem.EndsWith("AddCostLedger<T>().", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("AddChatClient(...)", StringComparison.Ordinal));
        Assert.Equal(8, problems.Count);
    }

    [Fact]
    public void WhatIsThere_IsNotMissing()
    {
        var builder = new ServiceCollection().AddAgentWorkflows(Configuration()).AddCostLedger<Ledger>();

        Assert.DoesNotContain(Problems(builder), problem => problem.Contains("ICostLedger", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AStoreOfOnesOwn_IsUsed_WhateverTheOrder(bool before)
    {
        var builder = new ServiceCollection().AddAgentWorkflows(Configuration());
        if (before)
        {
            builder.AddCostLedger<Ledger>();
        }
        builder.Services.TryAddSingleton<ICostLedger>(_ => throw new InvalidOperationException("The host's own."));
        if (!before)
        {
            builder.AddCostLedger<Ledger>();
        }

        using var services = builder.Services.BuildServiceProvider();
        Assert.IsType<Ledger>(services.GetRequiredService<ICostLedger>());
    }

    [Fact]
    public void AChannelThatSendsReportsToo_IsOneObject_AndMayBeNamedForThem()
    {
        var builder = new ServiceCollection().AddAgentWorkflows(Configuration(("AgentWorkflows:Reports:Channels:0", "phone"))).AddApprovalChannel<Phone>();

        using var services = builder.Services.BuildServiceProvider();
        Assert.Same(services.GetRequiredService<IApprovalChannel>(), services.GetRequiredService<IBulletinChannel>());
        Assert.Equal(["phone"], services.GetRequiredService<IOptions<ReportDeliveryOptions>>().Value.Channels);
    }

    [Fact]
    public void Settings_AreReadFromTheSection_AndASourceAddedLaterWins()
    {
        var builder = new ServiceCollection()
            .AddAgentWorkflows(Configuration(("AgentWorkflows:Costs:UserPerDay", "2"), ("AgentWorkflows:Retention:LedgerDays", "7"), ("Costs:UserPerDay", "9")))
            .AddSettingsFrom(Configuration(("Costs:UserPerDay", "3.5")));

        using var services = builder.Services.BuildServiceProvider();
        Assert.Equal(3_500_000, services.GetRequiredService<CostCapOptions>().UserPerDayMicros);
        Assert.Equal(TimeSpan.FromDays(7), services.GetRequiredService<RetentionOptions>().Ledger);
    }

    [Fact]
    public void WrongSettings_AreAllToldAtStart_WithTheKeyAndWhatIsAllowed()
    {
        var problems = Problems(new ServiceCollection().AddAgentWorkflows(Configuration(
            ("AgentWorkflows:Costs:UserPerDay", "-1"), ("AgentWorkflows:Costs:UserPerYear", "1"), ("AgentWorkflows:Retention:LedgerDays", "0"))));

        Assert.Contains(problems, problem => problem.StartsWith("Costs:UserPerDay is '-1'.", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("Costs:UserPerYear: there is no such setting. Allowed: UserPerDay,", StringComparison.Ordinal));
        Assert.Contains("Retention:LedgerDays is '0'. It must be days from 1 to 3650, such as 30.", problems);
    }

    [Fact]
    public void KeysThatNobodyReads_AreNamed_AsVariablesToo()
    {
        var unknown = Problems(new ServiceCollection()
            .AddAgentWorkflows(Configuration(("AgentWorkflows:Retenton:LedgerDays", "7"), ("Elsewhere:Key", "1")))
            .AddSettingsFrom(Configuration(("NotOurs", "1")))
            .AddSettingsFrom(Configuration(("Ours", "1")), KeysThere.All));

        Assert.Contains(
            "AgentWorkflows:Retenton: there is no such setting. Did you mean 'Retention'? Allowed: ApprovalKeys, Costs, PublicUrl, Reports, Retention. As an environment variable it is called AgentWorkflows__Retenton.",
            unknown);
        Assert.Contains("Ours: there is no such setting. Allowed: ApprovalKeys, Costs, PublicUrl, Reports, Retention.", unknown);
        Assert.DoesNotContain(unknown, problem => problem.Contains("NotOurs", StringComparison.Ordinal) || problem.Contains("Elsewhere", StringComparison.Ordinal));
    }

    [Fact]
    public void AToolThatCannotBeMade_IsNamedWithWhatItLacks()
    {
        var problem = Assert.Single(Problems(Complete().AddTool<NeedsRooms>()));

        Assert.StartsWith("The tool NeedsRooms cannot be made: ", problem, StringComparison.Ordinal);
        Assert.Contains("IRooms", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void AToolWithTwoNames_IsToldWhichToChoose() =>
        Assert.Equal(
            "The tool TwoNames calls itself 'other' in its constructor, but 'two_names' by its type. Write [Tool(…, Name = \"other\")] on it.",
            Assert.Single(Problems(Complete().AddTool<TwoNames>())));

    [Fact]
    public void TwoToolsOfOneName_AreRefused() =>
        Assert.Contains("same", Assert.Single(Problems(Complete().AddTool(new Same()).AddTool<Same>().AddAgents("agents"))), StringComparison.Ordinal);

    [Fact]
    public void AgentsThatDoNotLoad_AreToldWithFileLineAndKey()
    {
        using var folder = new TemporaryAgents("name: broken\ntools: {nothing: {}}\n");

        var problems = Problems(Complete().AddAgents(folder.Path));

        Assert.Contains(problems, problem => problem.Contains("agent.yaml:", StringComparison.Ordinal) && problem.Contains("'nothing'", StringComparison.Ordinal));
    }

    [Fact]
    public void ACompleteHost_HasNoProblems() => Assert.Empty(Problems(Complete()));

    [Fact]
    public void AddAgentWorkflows_Twice_IsOneBuilder()
    {
        var services = new ServiceCollection();

        Assert.Same(services.AddAgentWorkflows(Configuration()), services.AddAgentWorkflows(Configuration()));
        Assert.Single(services, service => service.ServiceType == typeof(IToolCatalog));
    }

    private static IConfiguration Configuration(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value))).Build();

    /// <summary>A builder with everything that is required; nothing of it is ever called.</summary>
    private static IAgentWorkflowsBuilder Complete()
    {
        var builder = new ServiceCollection().AddAgentWorkflows(Configuration());
        foreach (var required in builder.Services.Select(service => service.ImplementationInstance).OfType<RequiredService>().ToList())
        {
            builder.Services.AddSingleton(required.Type, _ => throw new InvalidOperationException("Not in this test."));
        }
        builder.Services.Replace(ServiceDescriptor.Singleton<Models.IChatModelCatalog>(ScriptedChatModel.ByTurn()));
        return builder;
    }

    private static IReadOnlyList<string> Problems(IAgentWorkflowsBuilder builder)
    {
        using var services = builder.Services.BuildServiceProvider();
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
        catch (AggregateException exception)
        {
            return [.. exception.InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures)];
        }
    }

    private interface IRooms;

    private sealed record Nothing;

    private sealed class NeedsRooms(IRooms rooms) : TypedTool<Nothing, string>
    {
        protected override Task<ToolResult> ExecuteAsync(Nothing arguments, ToolInvocation invocation, CancellationToken cancellationToken) =>
            Task.FromResult(Success(rooms.ToString()!));
    }

    private sealed class TwoNames() : TypedTool<Nothing, string>("other")
    {
        protected override Task<ToolResult> ExecuteAsync(Nothing arguments, ToolInvocation invocation, CancellationToken cancellationToken) => Task.FromResult(Success(""));
    }

    private sealed class Same : TypedTool<Nothing, string>
    {
        protected override Task<ToolResult> ExecuteAsync(Nothing arguments, ToolInvocation invocation, CancellationToken cancellationToken) => Task.FromResult(Success(""));
    }

    private sealed class Phone : IApprovalChannel, IBulletinChannel
    {
        public string Name => "phone";

        public IReadOnlyList<string> RecipientsAmong(IReadOnlyList<string> approvers) => approvers;

        public Task<DeliveryResult> SendAsync(ApprovalMessage message, CancellationToken cancellationToken) => Task.FromResult<DeliveryResult>(new DeliveryResult.Delivered());

        public Task<DeliveryResult> SendAsync(Bulletin bulletin, CancellationToken cancellationToken) => Task.FromResult<DeliveryResult>(new DeliveryResult.Delivered());
    }

    private sealed class Ledger : ICostLedger
    {
        public Task<ReserveOutcome> ReserveAsync(
            CostEntry entry, Micros worstCaseMicros, IReadOnlyList<CostCap> caps, DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<BeginOutcome> BeginAsync(string entryId, DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SettleAsync(string entryId, CostActual actual, DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ReleaseAsync(string entryId, DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<LedgerEntry>> ExpireAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<int> PurgeAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<LedgerEntry> ReadAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<LedgerEntry>> ListAsync(string sessionId, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class TemporaryAgents : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentworkflows-");

        public TemporaryAgents(string agent)
        {
            _folder.CreateSubdirectory("broken");
            File.WriteAllText(System.IO.Path.Combine(_folder.FullName, "broken", "agent.yaml"), agent);
        }

        public string Path => _folder.FullName;

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
