using AgentWorkflows.Approvals;

namespace AgentWorkflows.AspNetCore.OpenApi;

/// <summary>Approvals, agents, operations and health.</summary>
internal static class OperationDocs
{
    public static readonly ProblemDoc NotHere = new(501, "not_supported", "This host cannot check that.");

    public static readonly ProblemDoc NoStream = new(404, "events_not_available", "This host does not stream changes: poll, with If-None-Match.");
    public static readonly ProblemDoc ManyStreams = new(503, "too_many_streams", "Too many clients follow already.");

    private static readonly ProblemDoc NoApproval = new(404, "approval_not_found", "There is no such approval, or the key's user may not see it.");

    public static IReadOnlyDictionary<string, RouteDoc> All { get; } = new Dictionary<string, RouteDoc>(StringComparer.Ordinal)
    {
        ["ListApprovals"] = new("What waits for a person, and what was decided.", [new AnswerDoc(200, "Newest first.", Examples.Approvals)])
        {
            Query =
            [
                new QueryDoc("status", "Only these. Default: all.", RequestSchemas.Choice(Enum.GetNames<ApprovalStatus>())),
                new QueryDoc("session", "Only of this session.", RequestSchemas.Text(100, "A session's id.")),
                new QueryDoc("approver", "Only what waits for this person.", RequestSchemas.Text(200, "An approver.")),
                new QueryDoc("limit", "How many; default 100.", RequestSchemas.Integer(1, 1000)),
            ],
        },
        ["GetApproval"] = new("One approval, with the arguments the decision is bound to.", [new AnswerDoc(200, "The approval.", Examples.Approval)], NoApproval),
        ["DecideApproval"] = new("Approve, reject, or approve with other arguments.",
            [
                new AnswerDoc(200, "Decided; the session goes on.", Examples.Decided),
                new AnswerDoc(202, "Counted; further people have to approve.", Examples.Approval),
            ],
            NoApproval,
            new ProblemDoc(403, "approver_mismatch", "Without the role operate, approver must be the key's user."),
            new ProblemDoc(403, "not_an_approver", "The policy names the people who may decide."),
            new ProblemDoc(403, "own_session", "The policy wants somebody else than the session's user."),
            new ProblemDoc(403, "not_asked_yet", "The approver is asked only when the request is escalated."),
            new ProblemDoc(409, "approval_already_decided", "Somebody was first."),
            new ProblemDoc(409, "same_approver", "Different people have to approve."),
            new ProblemDoc(409, "stale_approval", "argumentsHash is not that of the arguments waiting."),
            new ProblemDoc(409, "session_finished", "The session ended before anybody decided."),
            new ProblemDoc(410, "approval_expired", "The time to decide has passed."))
        {
            Body = RequestSchemas.Decision,
        },
        ["ListAgents"] = new("What can be started here.", [new AnswerDoc(200, "Agents by name.", Examples.Agents)]),
        ["ListTools"] = new("What agents can do, with their contracts.", [new AnswerDoc(200, "Tools by agent and name.", Examples.Tools)]),
        ["Follow"] = new("Ids of sessions as they change, as server-sent events.",
            [new AnswerDoc(200, "A stream that ends when the host stops.", "event: changed\ndata: {\"sessions\":[\"s-r6mxtgq2e6wp8uy8\"]}\n\n") { MediaType = "text/event-stream" }],
            NoStream, ManyStreams)
        {
            Description = "Read again what is shown of them. Only what the key's user may see.",
        },
        ["GetMe"] = new("Whose key this is, and what it may do.", [new AnswerDoc(200, "The caller.", Examples.Me)]),
        ["GetHealth"] = new("Which breakers of this process are not closed.", [new AnswerDoc(200, "Deployments, output quality and tools in trouble.", Examples.Health)]),
        ["GetReadiness"] = new("Is this host fit for production?", [new AnswerDoc(200, "Every check with what to do.", Examples.Readiness)], NotHere),
        ["GetOpenApi"] = new("This description.", [new AnswerDoc(200, "OpenAPI 3.1.", new OpenApiDocumentStub("3.1.1"))]),
        ["Live"] = new("The process runs.", [new AnswerDoc(200, "It does.", Examples.Live)]),
        ["Ready"] = new("The stores and the engine answer.", [new AnswerDoc(200, "They do.", Examples.Ready), new AnswerDoc(503, "One does not, or the host is stopping.", Examples.NotReady)]),
    };
}

/// <summary>What every OpenAPI description has.</summary>
internal sealed record OpenApiDocumentStub(string Openapi);
