using System.CommandLine;
using AgentWorkflows.AspNetCore.Operations;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Server.Terminal;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.Server.Cli;

/// <summary><c>replay</c>: does today's code decide what was decided then? Runs no tool and changes no session.</summary>
internal sealed class ReplayCommand(Screen screen, CommonOptions common, EmbeddedProgram program)
{
    private readonly Argument<string?> _id = new("id") { Description = "The session's id.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _all = new("--all") { Description = "Every session there is." };

    public Command Create()
    {
        var command = new Command("replay", "Re-execute recorded histories against this program's code and report where it would decide otherwise.")
        {
            _id, _all, common.Agents, common.Url, common.Json,
        };
        command.Validators.Add(result =>
        {
            if ((result.GetValue(_id) is null) != result.GetValue(_all))
            {
                result.AddError("Give either a session's id or --all.");
            }
        });
        return command;
    }

    public async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        if (result.GetValue(common.Url) is { } url)
        {
            await using var remote = new RemoteData(url, Environment.GetEnvironmentVariable(RemoteData.KeyVariable));
            return await RunAsync(result, remote.ReplayAsync, remote, cancellationToken);
        }
        await using var running = await program.StartAsync(common.ReadExisting(result) with { LogLevel = LogLevel.None }, cancellationToken);
        var check = running.Services.GetRequiredService<IReplayCheck>();
        await using var data = common.OpenData(result);
        return await RunAsync(result, async (id, token) => await check.ReplayAsync(id, token) is [_, ..] instances ? ReplayResponse.From(id, instances) : null, data, cancellationToken);
    }

    private async Task<int> RunAsync(
        ParseResult result, Func<string, CancellationToken, Task<ReplayResponse?>> replay, IWorkflowData data, CancellationToken cancellationToken)
    {
        var (sessions, diverged, events) = (0, 0, 0);
        await foreach (var id in IdsAsync(result, data, cancellationToken))
        {
            if (await replay(id, cancellationToken) is not { } report)
            {
                if (result.GetValue(_all))
                {
                    continue;
                }
                screen.Error($"There is no session '{id}' here, or its history is purged. List them: {screen.Program} sessions{common.WhereHint(result)}");
                return ExitCodes.Failed;
            }
            sessions++;
            diverged += report.Diverged ? 1 : 0;
            events += report.Instances.Sum(instance => instance.Events);
            Write(result, report);
        }
        if (result.GetValue(_all) && !result.GetValue(common.Json))
        {
            screen.Line($"{Layout.Count(sessions, "session")}, {Layout.Count(events, "event")} replayed, {diverged} diverged.", diverged == 0 ? Styles.Good : Styles.Bad);
        }
        return diverged == 0 ? ExitCodes.Completed : ExitCodes.Failed;
    }

    private async IAsyncEnumerable<string> IdsAsync(
        ParseResult result, IWorkflowData data, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (result.GetValue(_id) is { } id)
        {
            yield return id;
            yield break;
        }
        string? cursor = null;
        do
        {
            var page = await data.ListSessionsAsync(new SessionFilter(null, null, null, null, 500) { Cursor = cursor }, cancellationToken);
            foreach (var session in page.Sessions)
            {
                yield return session.Id;
            }
            cursor = page.Cursor;
        }
        while (cursor is not null);
    }

    private void Write(ParseResult result, ReplayResponse report)
    {
        if (result.GetValue(common.Json))
        {
            screen.Json(report);
            return;
        }
        // With --all only what needs a person.
        foreach (var instance in report.Instances.Where(instance => instance.Divergence is not null || !result.GetValue(_all)))
        {
            screen.Line(instance.InstanceId, Styles.Strong);
            screen.Field("history", $"{Layout.Count(instance.Events, "event")}, {instance.Status.ToLowerInvariant()}", null, 10, 2);
            screen.Field("replay", instance.Divergence is { } difference ? $"diverges: {difference}" : "decides the same", instance.Divergence is null ? Styles.Good : Styles.Bad, 10, 2);
        }
    }
}
