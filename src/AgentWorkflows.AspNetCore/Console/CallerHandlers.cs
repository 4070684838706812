using AgentWorkflows.AspNetCore.Live;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Words;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Console;

/// <summary>Who the caller is, so that a page offers what the caller may do and nothing else.</summary>
internal sealed class CallerHandlers(LiveFeed feed)
{
    public Task<IResult> Me(HttpContext context)
    {
        var caller = Caller.Of(context);
        var roles = Enum.GetValues<ApiRoles>().Where(role => role != ApiRoles.None && caller.HasAny(role)).Select(role => SnakeCase.Of(role));
        return Task.FromResult<IResult>(new TaggedJson<CallerResponse>(
            new CallerResponse(caller.Key, caller.User, [.. roles], feed.IsAnnounced)));
    }
}

/// <param name="User">Empty: whoever sits at this machine, where no keys are configured.</param>
/// <param name="Live">True when <c>/api/events</c> tells of changes; otherwise the caller polls.</param>
internal sealed record CallerResponse(string Key, string User, IReadOnlyList<string> Roles, bool Live);
