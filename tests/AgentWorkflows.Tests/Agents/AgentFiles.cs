using System.ComponentModel.DataAnnotations;
using AgentWorkflows.Agents;
using AgentWorkflows.Tools;
using Xunit;

namespace AgentWorkflows.Tests.Agents;

/// <summary>A folder of agents on disk, and tools for its contracts.</summary>
internal sealed class AgentFiles : IDisposable
{
    public const string Prices = """
        version: "2026-11"
        effective: 2026-11-01
        source: a test
        models:
          offline-playbook: {input: 0.40, cached_input: 0.10, output: 1.60}
        """;

    public const string Head = """
        name: desk
        version: "1"
        instructions: Be useful.
        permissions: [{effect: allow}]
        models: {plan: {deployment: offline-playbook}}

        """;

    public const string Tools = """
        tools:
          look:
            description: Looks.
            tier: read
          pay:
            description: Pays.
            tier: write_risky
            timeout: 5s
            side_effects: [money]
            compensation:
              tool: unpay
              arguments: {action_key: $idempotencyKey}
              instructions: Ask the bank.
          unpay:
            description: Takes a payment back.
            tier: write_risky
            timeout: 5s
            offered: false

        """;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("agents-");

    public AgentFiles(string agent, string? playbook = null, string prices = Prices)
    {
        Write("prices.yaml", prices);
        Write("desk/agent.yaml", agent);
        if (playbook is not null)
        {
            Write("desk/playbook.yaml", playbook);
        }
    }

    private static ToolCatalog Catalog { get; } = new([new Tool<LookArguments>("look"), new Tool<PayArguments>("pay"), new Tool<UnpayArguments>("unpay"), new Ship()]);

    public static AgentDefinition Valid(string? playbook = null, string agent = Head + Tools)
    {
        using var files = new AgentFiles(agent, playbook);
        return Assert.Single(Assert.IsType<AgentLoadResult.Loaded>(files.Load()).Agents);
    }

    /// <summary>The problems as people read them, without the folder.</summary>
    public static IReadOnlyList<string> Problems(string agent, string? playbook = null, string prices = Prices, Func<string, string?>? endpointProblem = null)
    {
        using var files = new AgentFiles(agent, playbook, prices);
        var invalid = Assert.IsType<AgentLoadResult.Invalid>(files.Load(endpointProblem));
        return [.. invalid.Problems.Select(problem => problem.ToString().Replace(files._root.Name + "/", "", StringComparison.Ordinal))];
    }

    public void Dispose() => _root.Delete(recursive: true);

    private AgentLoadResult Load(Func<string, string?>? endpointProblem = null) => AgentFolder.Load(_root.FullName, Catalog, null, endpointProblem);

    private void Write(string name, string text)
    {
        var path = Path.Combine(_root.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    internal sealed record LookArguments
    {
        public required int Id { get; init; }

        public string? Hint { get; init; }
    }

    internal sealed record PayArguments
    {
        [Range(1, 100)]
        public required int Id { get; init; }

        public decimal? Amount { get; init; }
    }

    internal sealed record UnpayArguments
    {
        public required string ActionKey { get; init; }

        public string? Payment { get; init; }
    }

    /// <summary>A tool whose contract stands in its code.</summary>
    [Tool("Ships.", ToolTier.WriteRisky, Owner = "warehouse", TimeoutSeconds = 3, Idempotent = true, SideEffects = ["parcel"], Resource = "id", MaxCallsPerMinute = 9)]
    [CompensatedBy("unpay", "Call the driver.", "action_key=$idempotencyKey")]
    [SettledBy("look", "id=$arguments.id", Path = "hint", NotDone = ["lost"], WaitSeconds = 2)]
    private sealed class Ship() : TypedTool<PayArguments, string>("ship")
    {
        protected override Task<ToolResult> ExecuteAsync(PayArguments arguments, ToolInvocation invocation, CancellationToken cancellationToken) =>
            Task.FromResult(Success("done"));
    }

    private sealed class Tool<TArguments>(string name) : TypedTool<TArguments, string>(name)
    {
        protected override Task<ToolResult> ExecuteAsync(TArguments arguments, ToolInvocation invocation, CancellationToken cancellationToken) =>
            Task.FromResult(Success("done"));
    }
}
