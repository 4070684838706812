using System.Text.Json;
using System.Text.Json.Nodes;
using AgentWorkflows.Approvals;
using AgentWorkflows.Operations.Reports;
using AgentWorkflows.Screening;

namespace AgentWorkflows.Connectors.Notifications;

/// <summary>Posts a Block Kit message to an incoming webhook of Slack.</summary>
internal sealed class SlackChannel(WebhookOptions options, HttpPost http) : IApprovalChannel, IBulletinChannel
{
    public string Name => options.Name;

    public IReadOnlyList<string> RecipientsAmong(IReadOnlyList<string> approvers) => options.RecipientsAmong(approvers);

    public Task<DeliveryResult> SendAsync(ApprovalMessage message, CancellationToken cancellationToken) =>
        http.SendAsync(options.Url, JsonSerializer.SerializeToUtf8Bytes(SlackBlocks.Of(message)), [], cancellationToken);

    public Task<DeliveryResult> SendAsync(Bulletin bulletin, CancellationToken cancellationToken) =>
        http.SendAsync(options.Url, JsonSerializer.SerializeToUtf8Bytes(SlackBlocks.Of(bulletin)), [], cancellationToken);
}

/// <summary>The message. Everything is plain text: nothing in it mentions people or becomes a link. Pure.</summary>
internal static class SlackBlocks
{
    private const int MaxHeader = 150;
    private const int MaxText = 2900;

    public static JsonObject Of(ApprovalMessage message)
    {
        var blocks = new JsonArray
        {
            new JsonObject { ["type"] = "header", ["text"] = Plain(VisibleText.Line(MessageText.Title(message), MaxHeader)) },
            Section(MessageText.Facts(message.Request)),
        };
        foreach (var (title, facts) in new[] { ("What changes", MessageText.Changes(message.Request)), ("Arguments", MessageText.Arguments(message.Request)) })
        {
            if (facts.Count > 0)
            {
                blocks.Add(Section([(title, ""), .. facts]));
            }
        }
        if (message.Code is { } code)
        {
            blocks.Add(new JsonObject { ["type"] = "section", ["text"] = Plain($"Code: {code}") });
        }
        if ((message.Link ?? message.Inbox) is { } target)
        {
            blocks.Add(Button(message.Link is null ? "Open the inbox" : "Look and decide", target));
        }
        blocks.Add(new JsonObject { ["type"] = "context", ["elements"] = new JsonArray(Plain(MessageText.HowTo(message))) });
        return new JsonObject { ["text"] = Escape(MessageText.Title(message)), ["blocks"] = blocks, ["unfurl_links"] = false };
    }

    public static JsonObject Of(Bulletin bulletin)
    {
        var blocks = new JsonArray { new JsonObject { ["type"] = "header", ["text"] = Plain(VisibleText.Line(bulletin.Title, MaxHeader)) } };
        foreach (var section in bulletin.Sections)
        {
            blocks.Add(Section(section.Title.Length > 0 ? [(section.Title, ""), .. section.Facts] : section.Facts));
        }
        if (bulletin.Link is { } link)
        {
            blocks.Add(Button(bulletin.LinkText, link));
        }
        return new JsonObject { ["text"] = Escape(bulletin.Title), ["blocks"] = blocks, ["unfurl_links"] = false };
    }

    private static JsonObject Button(string text, Uri target) => new()
    {
        ["type"] = "actions",
        ["elements"] = new JsonArray(new JsonObject { ["type"] = "button", ["text"] = Plain(text), ["style"] = "primary", ["url"] = target.AbsoluteUri }),
    };

    private static JsonObject Section(IReadOnlyList<(string Name, string Value)> facts)
    {
        var text = string.Join('\n', facts.Select(fact => fact.Value.Length > 0 ? $"{fact.Name}: {fact.Value}" : fact.Name));
        return new JsonObject { ["type"] = "section", ["text"] = Plain(text.Length <= MaxText ? text : text[..MaxText] + "…") };
    }

    private static JsonObject Plain(string text) => new() { ["type"] = "plain_text", ["text"] = text, ["emoji"] = false };

    /// <summary>The fallback text has no plain form: the three characters that begin mentions and links are written out.</summary>
    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
