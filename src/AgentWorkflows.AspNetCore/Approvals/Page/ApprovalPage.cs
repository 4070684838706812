using System.Globalization;
using System.Text.Json;
using AgentWorkflows.Approvals;
using AgentWorkflows.Sessions;
using AgentWorkflows.Words;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Approvals.Page;

/// <summary>What the page shows. Pure.</summary>
/// <param name="Approver">Whose page it is.</param>
/// <param name="Fields">For an edit; none when there is nothing to edit.</param>
internal sealed record ApprovalPage(ApprovalRequest Request, string Approver, DateTimeOffset Now, IReadOnlyList<ArgumentField> Fields)
{
    /// <summary>What was wrong with the last attempt.</summary>
    public IReadOnlyList<RequestProblem> Problems { get; init; } = [];

    /// <summary>What was typed, so that it need not be typed again; never the code.</summary>
    public Func<string, string?> Typed { get; init; } = _ => null;

    public int Status { get; init; } = StatusCodes.Status200OK;

    public HtmlPage Render()
    {
        var html = new Html();
        WriteProblems(html);
        WriteHead(html);
        WriteChanges(html);
        WriteArguments(html);
        WriteFacts(html);
        WriteForm(html);
        html.Raw("<footer>This page is for ").Text(Approver).Raw(" only. Approval ").Text(Request.Id).Raw("</footer>");
        return new HtmlPage(Status, $"Approve {Request.Tool}?", html.ToString());
    }

    public static HtmlPage End(int status, string mark, string kind, string title, string text, string? more = null)
    {
        var html = new Html().Raw("<section class=\"card end\"><div class=\"mark ").Raw(kind).Raw("\" aria-hidden=\"true\">").Raw(mark).Raw("</div><h1>")
            .Text(title).Raw("</h1><p class=\"lead\">").Text(text).Raw("</p>");
        if (more is not null)
        {
            html.Raw("<p class=\"lead\">").Text(more).Raw("</p>");
        }
        return new HtmlPage(status, title, html.Raw("</section>").ToString());
    }

    private void WriteProblems(Html html)
    {
        if (Problems.Count == 0)
        {
            return;
        }
        html.Raw("<div class=\"note\" role=\"alert\">");
        if (Problems is [{ Path: "" } only])
        {
            html.Text(only.Message);
        }
        else
        {
            html.Raw("Nothing was decided yet:<ul>");
            foreach (var problem in Problems)
            {
                html.Raw("<li>").Text(problem.Path.Replace("$.arguments.", "", StringComparison.Ordinal).Replace("$.", "", StringComparison.Ordinal))
                    .Raw(": ").Text(problem.Message).Raw("</li>");
            }
            html.Raw("</ul>");
        }
        html.Raw("</div>");
    }

    private void WriteHead(Html html)
    {
        var tier = SnakeCase.Of(Request.Tier);
        html.Raw("<section class=\"card\"><div class=\"tags\"><span class=\"tag ").Raw(tier).Raw("\">").Text(tier.Replace('_', ' '))
            .Raw("</span><span class=\"tag\">expires in ").Text(Left(Request.ExpiresAt - Now)).Raw("</span>");
        if (Request.Required > 1)
        {
            html.Raw("<span class=\"tag\">").Text(string.Create(CultureInfo.InvariantCulture, $"{Request.Votes.Count} of {Request.Required} approvals")).Raw("</span>");
        }
        html.Raw("</div><h1>").Text(Request.IsQuestion ? "Go on?" : $"Run {Request.Tool}?").Raw("</h1><p class=\"goal\"><b>")
            .Text(Request.Agent).Raw("</b> asks, for ").Text(Request.UserId).Raw(": \u201c").Text(Request.Goal).Raw("\u201d</p><p class=\"lead\">").Text(Request.Reason).Raw("</p>");
        foreach (var vote in Request.Votes)
        {
            html.Raw("<p class=\"lead\">").Text($"{vote.Approver} approved at {Time(vote.DecidedAt)}.").Raw("</p>");
        }
        html.Raw("</section>");
    }

    private void WriteChanges(Html html)
    {
        if (Request.Preview.Count == 0)
        {
            return;
        }
        html.Raw("<section class=\"card\"><h2>What changes</h2><table>");
        foreach (var change in Request.Preview)
        {
            html.Raw("<tr><th scope=\"row\">").Text(change.What).Raw("</th><td><div class=\"change\">");
            html.Raw("<span class=\"before\">").Text(change.Before.Length > 0 ? change.Before : "nothing").Raw("</span><span aria-label=\"becomes\">→</span>");
            html.Raw("<span class=\"after\">").Text(change.After.Length > 0 ? change.After : "gone").Raw("</span></div></td></tr>");
        }
        html.Raw("</table><p class=\"hint\">As of ").Text(Time(Request.RequestedAt)).Raw("</p></section>");
    }

    private void WriteArguments(Html html)
    {
        html.Raw("<section class=\"card\"><h2>Arguments</h2><table>");
        if (Request.Arguments.ValueKind == JsonValueKind.Object)
        {
            foreach (var argument in Request.Arguments.EnumerateObject())
            {
                Row(html, argument.Name, ArgumentFields.Show(argument.Value));
            }
        }
        html.Raw("</table></section>");
    }

    private void WriteFacts(Html html)
    {
        html.Raw("<section class=\"card\"><h2>Good to know</h2><table>");
        Row(html, "Undo", Request.Undo ?? "");
        Row(html, "Cost so far", string.Create(CultureInfo.InvariantCulture, $"${ApiJson.Usd(Request.CostMicros):0.00####}"));
        Row(html, "Asked", Time(Request.RequestedAt));
        Row(html, "Expires", $"{Time(Request.ExpiresAt)}; then {Deadline.Means(Request)}");
        Row(html, "Session", Request.SessionId);
        html.Raw("</table></section>");
    }

    private void WriteForm(Html html)
    {
        html.Raw("<form class=\"card\" method=\"post\" autocomplete=\"off\"><h2>Your decision</h2>")
            .Raw("<label for=\"code\">Code <span class=\"hint\">— it stands in the message that brought you here</span></label>")
            .Raw("<input class=\"code\" id=\"code\" name=\"code\" maxlength=\"20\" required autocapitalize=\"characters\" spellcheck=\"false\" placeholder=\"XXX-XXX\">")
            .Raw("<label for=\"reason\">Reason <span class=\"hint\">— the agent reads it; say why when you reject</span></label>")
            .Raw("<textarea id=\"reason\" name=\"reason\" maxlength=\"2000\">").Value(Typed("reason") ?? "").Raw("</textarea><div class=\"actions\">")
            .Raw("<button class=\"yes\" name=\"decision\" value=\"approve\">Approve</button><button class=\"no\" name=\"decision\" value=\"reject\">Reject</button></div>");
        if (Fields.Count > 0)
        {
            var changed = Fields.Any(field => Typed(field.InputName) is { } typed && typed.ReplaceLineEndings("\n") != field.Shown.ReplaceLineEndings("\n"));
            html.Raw(changed ? "<details open>" : "<details>").Raw("<summary>Change the arguments</summary>");
            foreach (var field in Fields)
            {
                WriteField(html, field);
            }
            html.Raw("<button class=\"edit\" name=\"decision\" value=\"edit\">Approve with these arguments</button></details>");
        }
        html.Raw("</form>");
    }

    private void WriteField(Html html, ArgumentField field)
    {
        var value = Typed(field.InputName) ?? field.Shown;
        var optional = field.Required ? "" : " (may be left out)";
        html.Raw("<label for=\"").Value(field.InputName).Raw("\">").Text(field.Name).Raw(" <span class=\"hint\">").Text(field.Hint + optional).Raw("</span></label>");
        var attributes = new Html().Raw(" id=\"").Value(field.InputName).Raw("\" name=\"").Value(field.InputName).Raw("\"").ToString();
        switch (field.Kind)
        {
            case ArgumentKind.Choice:
                html.Raw("<select").Raw(attributes).Raw(">");
                foreach (var choice in field.Required ? field.Choices : [.. field.Choices, ""])
                {
                    html.Raw("<option value=\"").Value(choice).Raw(choice == value ? "\" selected>" : "\">").Text(choice.Trim('"')).Raw("</option>");
                }
                html.Raw("</select>");
                break;
            case ArgumentKind.Number:
                html.Raw("<input inputmode=\"decimal\"").Raw(attributes).Raw(" value=\"").Value(value).Raw("\">");
                break;
            case ArgumentKind.Text when value.Length <= 60 && !value.Contains('\n', StringComparison.Ordinal):
                html.Raw("<input").Raw(attributes).Raw(" value=\"").Value(value).Raw("\">");
                break;
            default:
                // A line end right after the tag is not part of the value.
                html.Raw("<textarea").Raw(attributes).Raw(">\n").Value(value).Raw("</textarea>");
                break;
        }
    }

    private static void Row(Html html, string name, string value)
    {
        if (value.Length > 0)
        {
            html.Raw("<tr><th scope=\"row\">").Text(name).Raw("</th><td class=\"value\">").Text(value).Raw("</td></tr>");
        }
    }

    internal static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Left(TimeSpan left) => left switch
    {
        { TotalDays: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)left.TotalDays} days"),
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)left.TotalHours} h {left.Minutes} min"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)left.TotalMinutes} min"),
        _ => "less than a minute",
    };
}
