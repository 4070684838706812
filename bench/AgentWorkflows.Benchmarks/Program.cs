using System.Globalization;
using AgentWorkflows.Benchmarks;

const string usage = """
    usage: engine [--quick] [--json] [--only throughput|length|parked|recovery]
           engine --seeds COUNT [--from SEED]   the simulation, over COUNT seeds
           engine --kills ROUNDS                a process killed ROUNDS times with 200 sessions in flight
           ledger [--quick] [--json]
           openapi [--json]                     large documents become tools, in under 2 s each
           sessions [--quick] [--json] [--in-flight N]   whole sessions, beside the bare engine
    """;

switch (args)
{
    case ["engine", "--seeds", var seeds] when int.TryParse(seeds, CultureInfo.InvariantCulture, out var count) && count > 0:
        return SeedsCommand.Run(count, 1);
    case ["engine", "--seeds", var seeds, "--from", var from]
        when int.TryParse(seeds, CultureInfo.InvariantCulture, out var count) && count > 0 && int.TryParse(from, CultureInfo.InvariantCulture, out var first):
        return SeedsCommand.Run(count, first);
    case ["engine", "--kills", var rounds] when int.TryParse(rounds, CultureInfo.InvariantCulture, out var count) && count > 0:
        return await KillsCommand.RunAsync(count);
    case ["engine", .. var options] when !options.Contains("--seeds") && !options.Contains("--kills"):
        return await EngineCommand.RunAsync(options);
    case ["sessions", .. var options]:
        return await SessionsCommand.RunAsync(options);
    case ["ledger", .. var options]:
        return await LedgerCommand.RunAsync(options);
    case ["openapi", .. var options]:
        return await OpenApiCommand.RunAsync(options);
    case ["engine-child", var database, var sessions]:
        return await RecoveryBenchmark.RunChildAsync(database, int.Parse(sessions, CultureInfo.InvariantCulture));
    case ["engine-recover", var database, var sessions]:
        return await RecoveryBenchmark.RecoverAsync(database, int.Parse(sessions, CultureInfo.InvariantCulture));
    case ["engine-kill-child", var database, var round]:
        return await KillsCommand.RunChildAsync(database, round);
    default:
        Console.Error.WriteLine(usage);
        return 2;
}
