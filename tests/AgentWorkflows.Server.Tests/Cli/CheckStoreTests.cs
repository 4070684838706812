using System.Text.Json;
using AgentWorkflows.Server.Cli;
using AgentWorkflows.Sqlite;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AgentWorkflows.Server.Tests.Cli;

/// <summary>check-store: what is wrong in the data folder's files.</summary>
public sealed class CheckStoreTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task A_folder_with_a_session_is_whole_and_one_without_data_is_named()
    {
        using var shell = new Shell();
        var none = await shell.RunAsync("check-store");
        await shell.RunAsync("run", "Where is order A-1001?", "--agents", Shell.Agents, "--json");
        var whole = await shell.RunAsync("check-store", "--json");

        Assert.Equal((ExitCodes.Failed, ExitCodes.Completed), (none.ExitCode, whole.ExitCode));
        Assert.Contains("There is no database in", none.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(shell.Data) && Directory.EnumerateFiles(shell.Data, "*.db").Count() < 2);
        Assert.Equal(2, Reports(whole).Count(report => report.GetProperty("problems").GetArrayLength() == 0));
    }

    [Fact(Timeout = Timeout)]
    public async Task Damage_in_either_file_is_found_and_named()
    {
        using var shell = new Shell();
        await shell.RunAsync("run", "Where is order A-1001?", "--agents", Shell.Agents, "--json");
        Change(Path.Combine(shell.Data, "engine.db"), "UPDATE history SET events = x'01FF' WHERE seq = 1");
        Change(
            Path.Combine(shell.Data, "agentworkflows.db"),
            "UPDATE documents SET content = '{' WHERE rowid = (SELECT min(rowid) FROM documents); UPDATE timeline SET session_id = 's-lost'; DELETE FROM snapshots");

        var damaged = await shell.RunAsync("check-store", "--json");

        Assert.Equal(ExitCodes.Failed, damaged.ExitCode);
        var problems = Reports(damaged).Select(report => report.GetProperty("problems").ToString()).ToArray();
        Assert.Contains("record 1 cannot be read", problems[0], StringComparison.Ordinal);
        Assert.Contains("is not JSON", problems[1], StringComparison.Ordinal);
        Assert.Contains("rows of session 's-lost', which is not there", problems[1], StringComparison.Ordinal);
        Assert.Contains("the definition it runs on", problems[1], StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task Files_of_different_moments_are_told_with_the_session_and_what_to_do()
    {
        using var shell = new Shell();
        await shell.RunAsync("run", "Refund order 1042, it arrived broken", "--agents", Shell.Agents, "--json");
        File.Delete(Path.Combine(shell.Data, "engine.db"));
        await shell.RunAsync("run", "Where is order A-1001?", "--agents", Shell.Agents, "--json");

        var differ = await shell.RunAsync("check-store", "--json");

        Assert.Equal(ExitCodes.Failed, differ.ExitCode);
        var problem = Assert.Single(Reports(differ)[1].GetProperty("problems").EnumerateArray()).GetString()!;
        Assert.Contains("the engine does not know it", problem, StringComparison.Ordinal);
        Assert.Contains("command 'terminate s-", problem, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_file_of_a_newer_program_and_one_that_is_no_database_are_refused_by_name()
    {
        using var shell = new Shell();
        await shell.RunAsync("run", "Where is order A-1001?", "--agents", Shell.Agents, "--json");
        Change(Path.Combine(shell.Data, "agentworkflows.db"), "PRAGMA user_version = 999");
        await File.WriteAllTextAsync(Path.Combine(shell.Data, "engine.db"), new string('x', 5000));

        var refused = await shell.RunAsync("check-store");

        Assert.Equal(ExitCodes.Failed, refused.ExitCode);
        Assert.Contains("not a SQLite database", Unwrapped(refused), StringComparison.Ordinal);
        Assert.Contains("has schema version 999", Unwrapped(refused), StringComparison.Ordinal);
    }

    private static string Unwrapped(Ran ran) => string.Join(' ', ran.Output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private static List<JsonElement> Reports(Ran ran) => [.. ran.Output.TrimEnd().Split('\n').Select(line => JsonElement.Parse(line))];

    private static void Change(string path, string sql)
    {
        using var connection = new SqlConnection(path, SqliteOpenMode.ReadWrite);
        connection.ExecuteScript(sql);
    }
}
