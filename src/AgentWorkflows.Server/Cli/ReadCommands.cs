using System.CommandLine;
using AgentWorkflows.Approvals;
using AgentWorkflows.Server.Terminal;
using AgentWorkflows.Words;

namespace AgentWorkflows.Server.Cli;

/// <summary>The commands that only look.</summary>
internal sealed class ReadCommands(Screen screen, TimeProvider time, CommonOptions common)
{
    private readonly Argument<string> _id = new("id") { Description = "The session's id." };
    private readonly Option<SessionStatus?> _status = Options.Choice<SessionStatus>("--status", "Only sessions in this status, such as AwaitingApproval.", "STATUS");
    private readonly Option<string?> _agent = new("--agent") { Description = "Only sessions of this agent." };
    private readonly Option<string?> _user = new("--user") { Description = "Only sessions of this user." };
    private readonly Option<string?> _taskType = new("--task-type") { Description = "Only sessions of this task type." };
    private readonly Option<int> _limit = Options.WholeNumber("--limit", "How many, newest first: 1 to 500.", 1, 500, 20);
    private readonly Option<ApprovalStatus?> _approvalStatus = Options.Choice<ApprovalStatus>("--status", "Only approvals in this status. Default: Pending.", "STATUS");
    private readonly Option<bool> _all = new("--all") { Description = "Decided and expired ones too." };
    private readonly Option<string?> _session = new("--session") { Description = "Only approvals of this session." };
    private readonly Option<bool> _details = new("--details") { Description = "Show arguments and other facts of each step." };

    public Command CreateSessions() => Create("sessions", "List sessions, newest first.", _status, _agent, _user, _taskType, _limit);

    public Command CreateShow() => WithId(Create("show", "Show what a session did, as a tree.", _details));

    public Command CreateLedger() => WithId(Create("ledger", "Show what a session cost, call by call."));

    public Command CreateApprovals() => Create("approvals", "List what waits for a person.", _approvalStatus, _all, _session);

    public async Task<int> SessionsAsync(ParseResult result, CancellationToken cancellationToken)
    {
        await using var data = common.OpenData(result);
        var filter = new SessionFilter(
            result.GetValue(_status)?.ToString(), result.GetValue(_agent), result.GetValue(_user), result.GetValue(_taskType), result.GetValue(_limit));
        var page = await data.ListSessionsAsync(filter, cancellationToken);
        if (result.GetValue(common.Json))
        {
            WriteLines(page.Sessions);
            return ExitCodes.Completed;
        }
        if (page.Sessions.Count == 0)
        {
            screen.Line($"No sessions. Start one: {screen.Program} run \"Refund order 1042, it arrived broken, and tell the customer\"");
            return ExitCodes.Completed;
        }
        SessionViews.WriteTable(screen, page.Sessions, time.GetUtcNow());
        if (page.Cursor is not null)
        {
            screen.Line($"There are more; the newest {page.Sessions.Count} are shown (--limit).", Styles.Dim);
        }
        return ExitCodes.Completed;
    }

    public async Task<int> ShowAsync(ParseResult result, CancellationToken cancellationToken)
    {
        await using var data = common.OpenData(result);
        var id = result.GetValue(_id)!;
        if (await data.GetSessionAsync(id, cancellationToken) is not { } session)
        {
            return NoSession(id);
        }
        var timeline = await data.ListTimelineAsync(id, cancellationToken);
        if (result.GetValue(common.Json))
        {
            screen.Json(session);
            WriteLines(timeline);
        }
        else
        {
            TraceView.Write(screen, session, timeline, result.GetValue(_details));
        }
        return ExitCodes.Completed;
    }

    public async Task<int> LedgerAsync(ParseResult result, CancellationToken cancellationToken)
    {
        await using var data = common.OpenData(result);
        var id = result.GetValue(_id)!;
        if (await data.GetLedgerAsync(id, cancellationToken) is not { } ledger)
        {
            return NoSession(id);
        }
        if (result.GetValue(common.Json))
        {
            screen.Json(ledger);
        }
        else
        {
            LedgerView.Write(screen, ledger);
        }
        return ExitCodes.Completed;
    }

    public async Task<int> ApprovalsAsync(ParseResult result, CancellationToken cancellationToken)
    {
        await using var data = common.OpenData(result);
        ApprovalStatus? status = result.GetValue(_all) ? null : result.GetValue(_approvalStatus) ?? ApprovalStatus.Pending;
        var approvals = await data.ListApprovalsAsync(status, result.GetValue(_session), cancellationToken);
        if (result.GetValue(common.Json))
        {
            WriteLines(approvals);
        }
        else if (approvals.Count == 0)
        {
            screen.Line(status == ApprovalStatus.Pending ? "Nothing waits for a person." : "No approvals.");
        }
        else
        {
            ApprovalView.WriteList(screen, approvals, time.GetUtcNow());
        }
        return ExitCodes.Completed;
    }

    private Command Create(string name, string description, params Option[] options)
    {
        var command = new Command(name, description);
        foreach (var option in options.Append(common.Url).Append(common.Json))
        {
            command.Options.Add(option);
        }
        return command;
    }

    private Command WithId(Command command)
    {
        command.Arguments.Add(_id);
        return command;
    }

    private int NoSession(string id)
    {
        screen.Error($"There is no session '{id}' here. List them: {screen.Program} sessions");
        return ExitCodes.Failed;
    }

    private void WriteLines<T>(IEnumerable<T> items)
        where T : class
    {
        foreach (var item in items)
        {
            screen.Json(item);
        }
    }
}
