using AgentWorkflows.Sessions;
using AgentWorkflows.Words;

namespace AgentWorkflows.AspNetCore.OpenApi;

internal static class SessionDocs
{
    private static readonly IReadOnlyDictionary<string, string> Location = new Dictionary<string, string> { ["Location"] = "Where the session is." };
    private static readonly ProblemDoc NotFound = new(404, "session_not_found", "There is no such session, or the key's user may not see it.");
    private static readonly ProblemDoc Finished = new(409, "session_finished", "The session has ended.");
    private static readonly ProblemDoc Exists = new(409, "session_exists", "There is a session of that id; nothing was started.");
    private static readonly ProblemDoc OtherUser = new(403, "user_mismatch", "Without the role operate, context.user_id must be the key's user.");
    private static readonly ProblemDoc OtherRole = new(403, "role_mismatch", "Without the role operate, context.role must be one of the key's session roles.");

    public static IReadOnlyDictionary<string, RouteDoc> All { get; } = new Dictionary<string, RouteDoc>(StringComparer.Ordinal)
    {
        ["StartSession"] = new("Start a session: one goal, given to one agent.", [Accepted("It has been started, durably.", Examples.Started)], Exists, OtherUser, OtherRole)
        {
            Body = RequestSchemas.StartSession,
        },
        ["Execute"] = new("Start a session and wait for its end.",
            [new AnswerDoc(200, "It ended within the wait.", Examples.Completed), Accepted("It goes on.", Examples.Started)], Exists, OtherUser, OtherRole)
        {
            Body = RequestSchemas.StartSession,
            Query = [new QueryDoc("wait", "Seconds to wait for the end.", RequestSchemas.Integer(0, 300))],
        },
        ["ListSessions"] = new("Sessions, newest first, page by page.", [Ok("A page; pass cursor back for the next one, null after the last.", Examples.Sessions)])
        {
            Description = "Without the role operate: the key's user's own.",
            Query =
            [
                new QueryDoc("status", "Only these, separated by commas.", RequestSchemas.Choice(Enum.GetNames<SessionStatus>())),
                new QueryDoc("agent", "Only of this agent.", RequestSchemas.Text(100, "An agent's name.")),
                new QueryDoc("user", "Only of this user.", RequestSchemas.Text(100, "A user_id.")),
                new QueryDoc("taskType", "Only of this task type.", RequestSchemas.Text(64, "A task type.")),
                new QueryDoc("limit", "How many; default 50.", RequestSchemas.Integer(1, 500)),
                new QueryDoc("cursor", "From the page before.", RequestSchemas.Text(200, "A cursor.")),
            ],
        },
        ["CountSessions"] = new("How many sessions there are of each status.", [Ok("Without the role operate: of the key's user's own. null where the host does not count.", Examples.Counts)]),
        ["GetSession"] = new("One session, as it stands.", [Ok("The session.", Examples.Session)], NotFound),
        ["GetTimeline"] = new("What happened, step by step.", [Ok("Entries after the given one; pass after back for what has happened since.", Examples.Timeline)], NotFound)
        {
            Query =
            [
                new QueryDoc("after", "Only entries after this sequence; default 0.", RequestSchemas.Integer(0)),
                new QueryDoc("limit", "How many; default 1000.", RequestSchemas.Integer(1, 1000)),
            ],
        },
        ["GetLedger"] = new("What it cost, call by call.", [Ok("Entries in the order of their calls.", Examples.Ledger)], NotFound),
        ["GetTranscript"] = new("What was planned and what came of it, turn by turn.", [Ok("The turns.", Examples.Transcript)], NotFound)
        {
            Query = [new QueryDoc("turn", "As it stood at the end of this turn. Default: now.", RequestSchemas.Integer(0))],
        },
        ["GetState"] = new("The session as it stood when a turn had ended.", [Ok("Counters, saga stack and transcript of that moment.", Examples.State)], NotFound)
        {
            Query = [new QueryDoc("turn", "0 is the start. Default: the last one.", RequestSchemas.Integer(0, 1_000_000))],
        },
        ["GetLimits"] = new("The session's hard limits, and how far it has come with each.", [Ok("The limits.", Examples.Limits)], NotFound),
        ["FollowSession"] = new("The session and its timeline as they change, as server-sent events.", [Stream("event: timeline\ndata: {…}\n\nevent: session\ndata: {…}\n\n")],
            NotFound, OperationDocs.NoStream, OperationDocs.ManyStreams)
        {
            Description = "timeline has what GET timeline answers, session what GET session answers.",
            Query = [new QueryDoc("after", "Only timeline entries after this sequence; default 0.", RequestSchemas.Integer(0))],
        },
        ["SuspendSession"] = new("Hold a session: what runs finishes, nothing new begins.", [Accepted("It is held; asking again changes nothing.", Examples.Started)], NotFound, Finished)
        {
            Body = RequestSchemas.Reason,
        },
        ["ResumeSession"] = new("Let a held session go on.", [Accepted("It goes on.", Examples.Started)], NotFound, Finished) { Body = RequestSchemas.Reason },
        ["TerminateSession"] = new("End a session. What it did stays, unless rollback is asked for.",
            [Accepted("It has ended; rollback tells whether it is being taken back.", Examples.Terminated)], NotFound, Finished)
        {
            Body = RequestSchemas.Terminate,
            Description = "Asking again with rollback is safe: a rollback that had not begun begins.",
        },
        ["ForkSession"] = new("A new session from the recorded turns of this one.", [Accepted("The new session has been started.", Examples.Forked)], [NotFound, Exists, .. ForkProblems])
        {
            Body = RequestSchemas.Fork,
            Description = "Same goal, context, user, limits and agent snapshot. Nothing is run again; costs start at zero; what the source did stays the source's to take back.",
        },
        ["RateSession"] = new("Say what you think of a session.", [new AnswerDoc(204, "Kept; a later rating replaces it.", null)], NotFound) { Body = RequestSchemas.Feedback },
        ["RollBackSession"] = new("Take back what an ended session did, last first.", [Accepted("It runs; asking again joins it.", Examples.Started)], NotFound,
            new ProblemDoc(409, "session_running", "The session has not ended: wait, or terminate it."),
            new ProblemDoc(409, "nothing_to_roll_back", "It changed nothing, or all of it is taken back."),
            new ProblemDoc(410, "rollback_window_closed", "It ended longer ago than its agent's retention."))
        {
            Body = RequestSchemas.Reason,
        },
        ["GetRollback"] = new("What was taken back, what could not be, and what a person has to do.", [Ok("The report.", Examples.Rollback)], NotFound),
        ["ReplaySession"] = new("Re-execute the recorded history against the code as it is.", [Ok("Whether it decides the same.", Examples.Replay)], NotFound, OperationDocs.NotHere)
        {
            Description = "Runs no tool and changes nothing.",
        },
    };

    private static IEnumerable<ProblemDoc> ForkProblems => Enum.GetValues<ForkRefusal>().Select(refusal => new ProblemDoc(409, "fork_" + SnakeCase.Of(refusal), refusal switch
    {
        ForkRefusal.TurnNotRecorded => "The session has not come that far.",
        ForkRefusal.TurnNotFinished => "Some step of the turn has no recorded outcome.",
        ForkRefusal.TurnIsAnswer => "The turn is the answer; there is nothing to go on with.",
        ForkRefusal.TakenBack => "Something done up to the turn has been taken back since.",
        _ => "The session's limit of turns leaves none.",
    }));

    private static AnswerDoc Stream(string example) => new(200, "A stream that ends when the host stops.", example) { MediaType = "text/event-stream" };

    private static AnswerDoc Ok(string description, object example) => new(200, description, example);

    private static AnswerDoc Accepted(string description, object example) => new(202, description, example) { Headers = Location };
}
