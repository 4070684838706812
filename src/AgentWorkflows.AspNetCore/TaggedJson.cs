using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore;

/// <summary>A representation with a tag: who polls with <c>If-None-Match</c> is answered 304 until something has changed.</summary>
internal sealed class TaggedJson<T>(T value) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, ApiJson.Options);
        var tag = EntityTag.Of(json);
        httpContext.Response.Headers.ETag = tag;
        if (EntityTag.IsKnown(httpContext.Request, tag))
        {
            httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.ContentLength = json.Length;
        await httpContext.Response.Body.WriteAsync(json, httpContext.RequestAborted);
    }
}
