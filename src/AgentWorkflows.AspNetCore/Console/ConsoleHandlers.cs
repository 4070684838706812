using AgentWorkflows.AspNetCore.Problems;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Console;

/// <summary>The console's files. They say nothing of any session, so they need no key; the calls the page makes do.</summary>
internal static class ConsoleHandlers
{
    /// <summary>The page finds everything from where it stands, so a path base without its slash leads there first.</summary>
    public static Task<IResult> Index(HttpContext context) => Task.FromResult<IResult>(context.Request is { PathBase.HasValue: true, Path.HasValue: false }
        ? TypedResults.Redirect($"{context.Request.PathBase}/")
        : new ConsoleFileResult(ConsoleFiles.Embedded.Index, false));

    public static Task<IResult> Asset(HttpContext context)
    {
        var files = ConsoleFiles.Embedded;
        var version = (string?)context.Request.RouteValues["version"];
        var path = (string?)context.Request.RouteValues["path"] ?? "";
        return Task.FromResult<IResult>(version == files.Version && files.Find(path) is { } file
            ? new ConsoleFileResult(file, true)
            : Problem.Of(StatusCodes.Status404NotFound, "not_found", "The console has no such file. If it was updated just now, load the page again."));
    }
}

/// <param name="isVersioned">The address contains the content's hash, so it can be kept for good.</param>
internal sealed class ConsoleFileResult(ConsoleFile file, bool isVersioned) : IResult
{
    // Everything from here and nothing inline: a text that finds its way into the page cannot become a program.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        response.Headers.CacheControl = isVersioned ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.ETag = file.ETag;
        response.Headers.Vary = "Accept-Encoding";
        if (EntityTag.IsKnown(httpContext.Request, file.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        var body = file.Content;
        if (httpContext.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            body = file.Compressed;
            response.Headers.ContentEncoding = "gzip";
        }
        response.ContentType = file.ContentType;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}
