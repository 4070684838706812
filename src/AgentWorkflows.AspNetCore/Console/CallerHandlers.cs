using AgentWorkflows.AspNetCore.Live;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Words;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflows.AspNetCore.Console;

/// <summary>Who the caller is, so that a page offers what the caller may do and nothing else.</summary>
internal static class CallerHandlers
{
    public static Task<IResult> Me(HttpContext context)
    {
        var caller = Caller.Of(context);
        var roles = Enum.GetValues<ApiRoles>().Where(role => role != ApiRoles.None && caller.HasAny(role)).Select(role => SnakeCase.Of(role));
        return Task.FromResult<IResult>(new TaggedJson<CallerResponse>(
            new CallerResponse(caller.Key, caller.User, [.. roles], context.RequestServices.GetService<LiveFeed>() is not null)));
    }
}

/// <param name="User">Empty: whoever sits at this machine, where no keys are configured.</param>
/// <param name="Live">True when <c>/api/events</c> tells of changes; otherwise the caller polls.</param>
internal sealed record CallerResponse(string Key, string User, IReadOnlyList<string> Roles, bool Live);
