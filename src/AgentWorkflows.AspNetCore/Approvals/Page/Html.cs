using System.Text;
using System.Text.Encodings.Web;
using AgentWorkflows.Screening;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Approvals.Page;

/// <summary>Writes HTML; everything that is not written here in the source is encoded.</summary>
internal sealed class Html
{
    private readonly StringBuilder _text = new();

    public Html Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <summary>
    /// Text of others. Characters that show nothing or turn the reading direction around stand as what they are: what is approved must not look like something else.
    /// </summary>
    public Html Text(string text)
    {
        foreach (var (part, isWrittenOut) in VisibleText.Parts(text))
        {
            _text.Append(isWrittenOut ? $"<span class=\"esc\">{part}</span>" : HtmlEncoder.Default.Encode(part));
        }
        return this;
    }

    /// <summary>For attributes, and for what must come back from a form as it was.</summary>
    public Html Value(string text)
    {
        _text.Append(HtmlEncoder.Default.Encode(text));
        return this;
    }

    public override string ToString() => _text.ToString();
}

/// <summary>A whole page as an answer.</summary>
internal sealed record HtmlPage(int Status, string Title, string Content) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy = PageStyle.Policy;
        response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        var page = new Html()
            .Raw("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>")
            .Value(Title).Raw("</title><style>").Raw(PageStyle.Css).Raw("</style></head><body><main>")
            .Raw("<div class=\"brand\"><b>AgentWorkflows</b><span>Approval</span></div>")
            .Raw(Content).Raw("</main></body></html>");
        await response.WriteAsync(page.ToString(), httpContext.RequestAborted);
    }
}
