using System.CommandLine;
using AgentWorkflows.Engine;
using AgentWorkflows.Engine.Storage;
using AgentWorkflows.Server.Terminal;
using AgentWorkflows.Sessions;
using AgentWorkflows.Sqlite;
using Microsoft.Data.Sqlite;

namespace AgentWorkflows.Server.Cli;

/// <summary><c>check-store</c>: is what the data folder's databases hold whole and readable? Reads everything, changes nothing, also beside a running server.</summary>
internal sealed class CheckStoreCommand(Screen screen, CommonOptions common)
{
    private const int Shown = 20;

    public Command Create() => new("check-store", "Verify the databases of the data folder: structure, orphaned rows, events and documents that cannot be read.")
    {
        common.Json,
    };

    public int Run(ParseResult result)
    {
        var folder = Path.GetFullPath(result.GetValue(common.Data)!);
        var files = new[] { DataFolder.EngineFile, DataFolder.ProductFile }.Where(file => File.Exists(Path.Combine(folder, file))).ToArray();
        if (files.Length == 0)
        {
            screen.Error($"There is no database in '{folder}'. Name the folder with --data.");
            return ExitCodes.Failed;
        }
        var reports = files.Select(file => Check(Path.Combine(folder, file))).ToArray();
        // Each may be whole and they still may not belong together, as after one of them was restored.
        if (reports is [{ Problems: [], Schema: > 0 }, { Problems: [], Schema: > 0 } product])
        {
            reports[1] = product with { Problems = StoreDrift.Compare(ProductCheck.ReadStatuses(product.File), StoreCheck.ReadStatuses(reports[0].File)) };
        }
        foreach (var report in reports)
        {
            Write(report, result.GetValue(common.Json));
        }
        return reports.All(report => report.Problems.Count == 0) ? ExitCodes.Completed : ExitCodes.Failed;
    }

    private static FileReport Check(string path)
    {
        try
        {
            if (Path.GetFileName(path) == DataFolder.EngineFile)
            {
                var engine = StoreCheck.Run(path);
                var holds = $"{Layout.Count((int)engine.Instances, "instance")}, {engine.Records} records, {Layout.Count((int)engine.Events, "event")}";
                return new FileReport(path, engine.Schema, holds, [.. engine.Problems.Select(problem => $"{problem.Where}: {problem.What}")]);
            }
            var product = ProductCheck.Run(path);
            return new FileReport(path, product.Schema, $"{Layout.Count((int)product.Sessions, "session")}, {Layout.Count((int)product.Documents, "document")}", product.Problems);
        }
        catch (Exception e) when (e is EngineStorageException or DatabaseVersionException or NewerDatabaseException or SqliteException)
        {
            return new FileReport(path, 0, "could not be read", [e.Message]);
        }
    }

    private void Write(FileReport report, bool json)
    {
        if (json)
        {
            screen.Json(report);
            return;
        }
        var good = report.Problems.Count == 0;
        screen.Line(report.File, Styles.Strong);
        screen.Field("holds", $"{report.Holds} (schema {report.Schema})", null, 10, 2);
        screen.Field("verdict", good ? "whole and readable" : Layout.Count(report.Problems.Count, "problem"), good ? Styles.Good : Styles.Bad, 10, 2);
        foreach (var problem in report.Problems.Take(Shown))
        {
            screen.Field("", problem, Styles.Bad, 10, 2);
        }
        if (report.Problems.Count > Shown)
        {
            screen.Field("", $"… and {report.Problems.Count - Shown} more; --json lists them all.", null, 10, 2);
        }
    }

    private sealed record FileReport(string File, long Schema, string Holds, IReadOnlyList<string> Problems);
}
