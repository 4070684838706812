using AgentWorkflows.AspNetCore.Approvals;
using AgentWorkflows.AspNetCore.Sessions;
using AgentWorkflows.Record;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Server.Terminal;
using AgentWorkflows.Sessions;
using AgentWorkflows.Words;

namespace AgentWorkflows.Server.Cli;

/// <summary>Starts or picks up a session and follows it until it ends, waits for somebody who is not here, or Ctrl+C.</summary>
internal sealed class SessionRun(Screen screen, TimeProvider time, RunningProgram running, RunOptions options)
{
    private const int TimelinePage = 500;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly SessionService _sessions = running.Services.GetRequiredService<SessionService>();
    private readonly ISessionStore _store = running.Services.GetRequiredService<ISessionStore>();
    private readonly ApprovalPrompt _prompt = new(screen, time, running.Services.GetRequiredService<ApprovalService>(), options);
    private readonly TimelineView _view = new(screen);
    private readonly List<TimelineItem> _timeline = [];

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if ((options.Resume ?? await StartAsync(cancellationToken)) is not { } id)
        {
            return ExitCodes.Usage;
        }
        if (await _sessions.GetAsync(id, cancellationToken) is not { } view)
        {
            screen.Error($"There is no session '{id}' here. List them: {screen.Program} sessions{options.DataHint}");
            return ExitCodes.Failed;
        }
        Introduce(view.Session);
        try
        {
            return await FollowAsync(id, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            screen.Error("");
            screen.Error("Stopped here; nothing is lost. The session goes on with:");
            screen.Error($"  {screen.Program} run --resume {id}{options.DataHint}");
            return ExitCodes.Interrupted;
        }
    }

    private async Task<string?> StartAsync(CancellationToken cancellationToken)
    {
        switch (await _sessions.StartAsync(options.Start!, cancellationToken))
        {
            case StartSessionOutcome.Started started:
                return started.SessionId;
            case StartSessionOutcome.AlreadyExists exists:
                screen.Error($"There is a session '{exists.SessionId}' already.");
                return null;
            case StartSessionOutcome.Invalid invalid:
                screen.Error("The session was not started:");
                foreach (var problem in invalid.Problems)
                {
                    screen.Error($"  {problem.Path}: {problem.Message}");
                }
                return null;
            case var other:
                throw new InvalidOperationException($"Unknown start outcome {other.GetType().Name}.");
        }
    }

    private async Task<int> FollowAsync(string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            // The state first, the timeline after it: what led to a final state is then in the timeline that is read.
            var view = await _sessions.GetAsync(id, cancellationToken) ?? throw new InvalidOperationException($"Session '{id}' has disappeared.");
            await WriteNewAsync(id, cancellationToken);
            if (view.Status.IsTerminal())
            {
                return Finish(SessionMapping.ToResponse(view));
            }
            foreach (var approval in view.PendingApprovals)
            {
                if (!await _prompt.HandleAsync(ApprovalResponse.From(approval), cancellationToken))
                {
                    return ExitCodes.WaitingForApproval;
                }
            }
            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    private async Task WriteNewAsync(string id, CancellationToken cancellationToken)
    {
        IReadOnlyList<TimelineEntry> entries;
        do
        {
            entries = await _store.ListTimelineAsync(id, _timeline.Count > 0 ? _timeline[^1].Sequence : 0, TimelinePage, cancellationToken);
            foreach (var item in entries.Select(SessionMapping.ToItem))
            {
                _timeline.Add(item);
                if (options.Json)
                {
                    screen.Json(new { type = "timeline", entry = item });
                }
                else
                {
                    _view.Write(item);
                }
            }
        }
        while (entries.Count == TimelinePage);
    }

    private void Introduce(SessionRecord session)
    {
        if (options.Json)
        {
            screen.Json(new { type = "started", session = SessionMapping.ToSummary(session), model = running.ModelDescription });
            return;
        }
        screen.Field("Session", session.Id, Styles.Strong);
        screen.Field("Goal", session.Goal);
        if (session.ForkedFrom is { } source)
        {
            screen.Field("Forked", $"from turn {source.Turn} of {source.SessionId}");
        }
        screen.Field("Agent", $"{session.Agent} {session.AgentVersion}");
        screen.Field("Model", running.ModelDescription);
    }

    private int Finish(SessionResponse session)
    {
        if (options.Json)
        {
            screen.Json(new { type = "ended", session, totals = RunTotals.Of(_timeline) });
        }
        else
        {
            SessionViews.WriteSummary(screen, session, RunTotals.Of(_timeline), options.DataHint);
        }
        return session.Status is nameof(SessionStatus.Completed) ? ExitCodes.Completed : ExitCodes.Failed;
    }
}
