using AgentWorkflows.Benchmarks;

switch (args)
{
    case ["engine", .. var options]:
        return await EngineCommand.RunAsync(options);
    case ["ledger", .. var options]:
        return await LedgerCommand.RunAsync(options);
    case ["engine-child", var database, var sessions]:
        return await RecoveryBenchmark.RunChildAsync(database, int.Parse(sessions, System.Globalization.CultureInfo.InvariantCulture));
    default:
        Console.Error.WriteLine("usage: engine [--quick] [--json] [--only throughput|length|parked|recovery] | ledger [--quick] [--json]");
        return 2;
}
