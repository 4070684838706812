using System.CommandLine;
using AgentWorkflows.AspNetCore.Operations;
using AgentWorkflows.Operations.Readiness;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Server.Terminal;

namespace AgentWorkflows.Server.Cli;

/// <summary><c>check</c>: fit for production? Looks at the configuration as <c>serve</c> would use it, starts nothing.</summary>
internal sealed class CheckCommand(Screen screen, CommonOptions common, EmbeddedProgram program)
{
    private const int MarkWidth = 9;

    private readonly Option<bool> _strict = new("--strict") { Description = "Warnings fail, too." };

    public Command Create() => new("check", "Say whether this is fit for production: caps, prices, tiers, compensations, approvals, keys, model, store.")
    {
        _strict, common.Agents, common.Url, common.Json,
    };

    public async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var report = result.GetValue(common.Url) is { } url ? await RemoteAsync(url, cancellationToken) : await LocalAsync(result, cancellationToken);
        if (result.GetValue(common.Json))
        {
            foreach (var finding in report.Findings)
            {
                screen.Json(finding);
            }
        }
        else
        {
            Write(report);
        }
        var failed = !report.Ready || (result.GetValue(_strict) && report.Findings.Any(finding => finding.Status == "warning"));
        return failed ? ExitCodes.Failed : ExitCodes.Completed;
    }

    private static async Task<ReadinessResponse> RemoteAsync(Uri url, CancellationToken cancellationToken)
    {
        await using var remote = new RemoteData(url, Environment.GetEnvironmentVariable(RemoteData.KeyVariable));
        return await remote.ReadinessAsync(cancellationToken) ?? throw new StartupException($"{url} has no readiness check; it is another program, or an older one.");
    }

    private async Task<ReadinessResponse> LocalAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var services = program.For(common.Read(result) with { LogLevel = LogLevel.None });
        var data = services.GetRequiredService<DataFolder>();
        // Looking must not leave an empty database behind.
        var temporary = data.HasData ? null : Directory.CreateTempSubdirectory("agentworkflows-check-");
        data.Path = temporary?.FullName ?? data.Path;
        try
        {
            program.Check();
            return ReadinessResponse.From(await services.GetRequiredService<IReadinessCheck>().RunAsync(cancellationToken));
        }
        finally
        {
            await program.DisposeAsync();
            temporary?.Delete(recursive: true);
        }
    }

    private void Write(ReadinessResponse report)
    {
        foreach (var subject in report.Findings.GroupBy(finding => finding.Subject))
        {
            screen.Line(subject.Key == ReadinessFinding.Host ? "This host" : $"Agent {subject.Key}", Styles.Strong);
            foreach (var finding in subject)
            {
                WriteFinding(finding);
            }
            screen.Line();
        }
        var (failed, warnings) = (report.Findings.Count(finding => finding.Status == "failed"), report.Findings.Count(finding => finding.Status == "warning"));
        var counted = $"{Layout.Count(report.Findings.Count, "check")}, {failed} failed, {Layout.Count(warnings, "warning")}.";
        screen.Line(report.Ready ? $"Fit for production. {counted}" : $"Not fit for production. {counted}", report.Ready ? Styles.Good : Styles.Bad);
    }

    private void WriteFinding(FindingResponse finding)
    {
        var (mark, style) = finding.Status switch
        {
            "ok" => ("ok", Styles.Good),
            "warning" => ("warning", Styles.Warning),
            _ => ("failed", Styles.Bad),
        };
        screen.Raw($"  {mark.PadRight(MarkWidth)}", style);
        var lines = Layout.Wrap(finding.Message, screen.Width - MarkWidth - 2);
        screen.Raw(lines[0]);
        screen.EndLine();
        foreach (var line in lines.Skip(1))
        {
            screen.Raw(new string(' ', MarkWidth + 2) + line);
            screen.EndLine();
        }
        if (finding.ToDo is { } toDo)
        {
            screen.Field("", toDo, Styles.Dim, MarkWidth, 2);
        }
    }
}
