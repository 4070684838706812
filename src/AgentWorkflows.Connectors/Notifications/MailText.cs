using System.Text;
using System.Text.Encodings.Web;
using AgentWorkflows.Approvals;
using AgentWorkflows.Operations.Reports;
using AgentWorkflows.Screening;

namespace AgentWorkflows.Connectors.Notifications;

/// <summary>A mail about a request or a bulletin, plain and as HTML. Pure.</summary>
internal static class MailText
{
    private const int MaxSubject = 150;

    public static string Subject(ApprovalMessage message) => VisibleText.Line(MessageText.Title(message), MaxSubject);

    public static string Plain(ApprovalMessage message)
    {
        var text = new StringBuilder();
        text.AppendLine(MessageText.Title(message)).AppendLine();
        AddFacts(text, "", MessageText.Facts(message.Request));
        AddFacts(text, "What changes", MessageText.Changes(message.Request));
        AddFacts(text, "Arguments", MessageText.Arguments(message.Request));
        if (message.Link is { } link)
        {
            text.AppendLine("Look and decide:").AppendLine(link.AbsoluteUri).AppendLine().AppendLine($"Code: {message.Code}").AppendLine();
        }
        text.AppendLine(MessageText.HowTo(message));
        if (message.Link is not null)
        {
            text.AppendLine($"The link and the code are yours alone: do not forward them. They end when the request expires.");
        }
        return text.ToString().ReplaceLineEndings("\r\n");
    }

    public static string Html(ApprovalMessage message)
    {
        var html = Begin(MessageText.Title(message));
        AddTable(html, "", MessageText.Facts(message.Request));
        AddTable(html, "What changes", MessageText.Changes(message.Request));
        AddTable(html, "Arguments", MessageText.Arguments(message.Request));
        if (message is { Link: { } link, Code: { } code })
        {
            AddButton(html, link, "Look and decide");
            html.Append("<p style=\"margin:14px 0 0\">Code: <b style=\"font:700 22px/1.2 Menlo,Consolas,monospace;letter-spacing:.1em\">").Append(Encode(code)).Append("</b></p>");
        }
        html.Append("</div><p style=\"margin:12px 4px;font-size:13px;color:#5b6472\">").Append(Encode(MessageText.HowTo(message)));
        if (message.Link is not null)
        {
            html.Append(" The link and the code are yours alone: do not forward them. They end when the request expires.");
        }
        return html.Append("</p></div></body></html>").ToString();
    }

    public static string Subject(Bulletin bulletin) => VisibleText.Line(bulletin.Title, MaxSubject);

    public static string Plain(Bulletin bulletin)
    {
        var text = new StringBuilder();
        text.AppendLine(bulletin.Title).AppendLine();
        foreach (var section in bulletin.Sections)
        {
            AddFacts(text, section.Title, section.Facts);
        }
        if (bulletin.Link is { } link)
        {
            text.AppendLine($"{bulletin.LinkText}:").AppendLine(link.AbsoluteUri);
        }
        return text.ToString().ReplaceLineEndings("\r\n");
    }

    public static string Html(Bulletin bulletin)
    {
        var html = Begin(bulletin.Title);
        foreach (var section in bulletin.Sections)
        {
            AddTable(html, section.Title, section.Facts);
        }
        if (bulletin.Link is { } link)
        {
            AddButton(html, link, bulletin.LinkText);
        }
        return html.Append("</div></div></body></html>").ToString();
    }

    private static StringBuilder Begin(string title) => new StringBuilder()
        .Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"></head>")
        .Append("<body style=\"margin:0;padding:24px 12px;background:#f4f5f7;color:#14181f;font:16px/1.5 -apple-system,'Segoe UI',Roboto,Arial,sans-serif\">")
        .Append("<div style=\"max-width:600px;margin:0 auto\"><p style=\"margin:0 0 12px;font-size:14px;color:#5b6472\"><b style=\"color:#14181f\">AgentWorkflows</b></p>")
        .Append("<div style=\"background:#fff;border:1px solid #dfe3e8;border-radius:12px;padding:20px\"><h1 style=\"margin:0 0 12px;font-size:21px;line-height:1.3\">")
        .Append(Encode(title)).Append("</h1>");

    private static void AddButton(StringBuilder html, Uri target, string text) => html
        .Append("<p style=\"margin:22px 0 6px\"><a href=\"").Append(Encode(target.AbsoluteUri))
        .Append("\" style=\"display:inline-block;background:#1f5fd0;color:#fff;text-decoration:none;font-weight:600;padding:12px 22px;border-radius:9px\">")
        .Append(Encode(text)).Append("</a></p>");

    private static void AddFacts(StringBuilder text, string title, IReadOnlyList<(string Name, string Value)> facts)
    {
        if (facts.Count == 0)
        {
            return;
        }
        if (title.Length > 0)
        {
            text.AppendLine(title);
        }
        foreach (var (name, value) in facts)
        {
            text.AppendLine($"  {name}: {value}");
        }
        text.AppendLine();
    }

    private static void AddTable(StringBuilder html, string title, IReadOnlyList<(string Name, string Value)> facts)
    {
        if (facts.Count == 0)
        {
            return;
        }
        if (title.Length > 0)
        {
            html.Append("<p style=\"margin:18px 0 4px;font-size:12px;letter-spacing:.06em;text-transform:uppercase;color:#5b6472;font-weight:700\">").Append(Encode(title)).Append("</p>");
        }
        html.Append("<table role=\"presentation\" style=\"width:100%;border-collapse:collapse\">");
        foreach (var (name, value) in facts)
        {
            html.Append("<tr><td style=\"padding:6px 12px 6px 0;border-top:1px solid #eceff2;color:#5b6472;vertical-align:top;width:34%\">").Append(Encode(name))
                .Append("</td><td style=\"padding:6px 0;border-top:1px solid #eceff2;vertical-align:top;word-break:break-word\">").Append(Encode(value)).Append("</td></tr>");
        }
        html.Append("</table>");
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
