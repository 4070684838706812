using AgentWorkflows.AspNetCore.Bodies;
using AgentWorkflows.AspNetCore.Problems;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Record;
using AgentWorkflows.Sessions;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Sessions;

internal sealed class FeedbackHandlers(SessionService sessions, VisibleSessions visible)
{
    private static readonly Dictionary<string, FeedbackRating> Ratings = new(StringComparer.Ordinal)
    {
        ["good"] = FeedbackRating.Good,
        ["bad"] = FeedbackRating.Bad,
    };

    /// <summary>What a person thinks of a session they can see; a later rating replaces it.</summary>
    public async Task<IResult> RateAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context);
        if (body is not BodyResult.Read read)
        {
            return ((BodyResult.Refused)body).Problem;
        }
        var problems = new List<RequestProblem>();
        var reader = BodyReader.Root(read.Json, problems);
        var rating = reader?.RequiredChoice("rating", Ratings);
        var comment = reader?.OptionalText("comment", SessionFeedback.MaxCommentLength);
        reader?.Finish();
        if (problems.Count > 0)
        {
            return Problem.Invalid(problems);
        }
        var id = VisibleSessions.IdOf(context);
        var caller = Caller.Of(context);
        var kept = await visible.FindAsync(context) is not null
            && await sessions
                .RateAsync(id, rating!.Value, comment, caller.User.Length > 0 ? caller.User : caller.Key, context.RequestAborted);
        return kept ? Results.NoContent() : Problem.SessionNotFound(id);
    }
}
