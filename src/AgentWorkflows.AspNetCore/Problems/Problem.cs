using System.Text.Json;
using AgentWorkflows.Screening;
using AgentWorkflows.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace AgentWorkflows.AspNetCore.Problems;

/// <summary>An error as RFC 9457 problem details: <c>code</c> is stable and for programs, <c>detail</c> is for people and may change.</summary>
internal sealed record Problem(int Status, string Code, string Detail) : IResult
{
    private readonly Dictionary<string, object?> _extensions = [];

    /// <summary>At most this many errors are listed, so that a small request cannot ask for a large answer.</summary>
    private const int MaxErrors = 100;

    public static Problem Of(int status, string code, string detail) => new(status, code, detail);

    public static Problem Invalid(IReadOnlyList<RequestProblem> problems) =>
        new Problem(StatusCodes.Status400BadRequest, "invalid_request", problems.Count == 1
            ? $"The request has a problem at {problems[0].Path}: {problems[0].Message}"
            : $"The request has {problems.Count} problems; see errors.").WithErrors(problems);

    public static Problem InvalidQuery(string name, string message) => Invalid([new RequestProblem("invalid_query", $"?{name}", message)]);

    public static Problem SessionNotFound(string id) =>
        new(StatusCodes.Status404NotFound, "session_not_found", $"There is no session '{Shown(id)}'.");

    public static Problem SessionExists(string id) =>
        new Problem(StatusCodes.Status409Conflict, "session_exists", $"There is a session '{Shown(id)}' already; nothing was started.").With("sessionId", id);

    public static Problem ApprovalNotFound(string id) =>
        new(StatusCodes.Status404NotFound, "approval_not_found", $"There is no approval '{Shown(id)}'.");

    public Problem With(string name, object? value)
    {
        _extensions[name] = value;
        return this;
    }

    public Problem WithErrors(IReadOnlyList<RequestProblem> problems) => With("errors", problems.Take(MaxErrors).Select(problem => problem with { Message = Redaction.Text(problem.Message) }).ToArray());

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        httpContext.Response.ContentType = "application/problem+json";
        // An error says how things are now; a cache must not say it later.
        httpContext.Response.Headers.CacheControl = "no-store";
        await JsonSerializer.SerializeAsync(httpContext.Response.Body, ToMembers(), ApiJson.Options, httpContext.RequestAborted);
    }

    private Dictionary<string, object?> ToMembers()
    {
        var members = new Dictionary<string, object?>
        {
            ["type"] = $"urn:agentworkflows:problem:{Code}",
            ["title"] = ReasonPhrases.GetReasonPhrase(Status),
            ["status"] = Status,
            ["code"] = Code,
            ["detail"] = Redaction.Text(Detail),
        };
        foreach (var (name, value) in _extensions)
        {
            members[name] = value;
        }
        return members;
    }

    private static string Shown(string id) => id.Length <= 200 ? id : id[..200];
}
