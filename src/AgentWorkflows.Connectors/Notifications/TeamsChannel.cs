using System.Text.Json;
using System.Text.Json.Nodes;
using AgentWorkflows.Approvals;
using AgentWorkflows.Operations.Reports;

namespace AgentWorkflows.Connectors.Notifications;

/// <summary>Posts an Adaptive Card to a webhook of Teams Workflows.</summary>
internal sealed class TeamsChannel(WebhookOptions options, HttpPost http) : IApprovalChannel, IBulletinChannel
{
    public string Name => options.Name;

    public IReadOnlyList<string> RecipientsAmong(IReadOnlyList<string> approvers) => options.RecipientsAmong(approvers);

    public Task<DeliveryResult> SendAsync(ApprovalMessage message, CancellationToken cancellationToken) =>
        http.SendAsync(options.Url, JsonSerializer.SerializeToUtf8Bytes(TeamsCard.Of(message)), [], cancellationToken);

    public Task<DeliveryResult> SendAsync(Bulletin bulletin, CancellationToken cancellationToken) =>
        http.SendAsync(options.Url, JsonSerializer.SerializeToUtf8Bytes(TeamsCard.Of(bulletin)), [], cancellationToken);
}

/// <summary>The card. Pure.</summary>
internal static class TeamsCard
{
    public static JsonObject Of(ApprovalMessage message)
    {
        var body = new JsonArray
        {
            Text(MessageText.Title(message), ("weight", "Bolder"), ("size", "Large")),
            Facts(MessageText.Facts(message.Request)),
        };
        AddSection(body, "What changes", MessageText.Changes(message.Request));
        AddSection(body, "Arguments", MessageText.Arguments(message.Request));
        if (message.Code is { } code)
        {
            body.Add(Text($"Code: {code}", ("weight", "Bolder"), ("size", "Medium")));
        }
        body.Add(Text(MessageText.HowTo(message), ("isSubtle", true), ("size", "Small")));
        return Message(body, message.Link ?? message.Inbox, message.Link is null ? "Open the inbox" : "Look and decide");
    }

    public static JsonObject Of(Bulletin bulletin)
    {
        var body = new JsonArray { Text(bulletin.Title, ("weight", "Bolder"), ("size", "Large")) };
        foreach (var section in bulletin.Sections)
        {
            AddSection(body, section.Title, section.Facts);
        }
        return Message(body, bulletin.Link, bulletin.LinkText);
    }

    private static JsonObject Message(JsonArray body, Uri? target, string targetText)
    {
        var card = new JsonObject
        {
            ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
            ["type"] = "AdaptiveCard",
            ["version"] = "1.5",
            ["body"] = body,
            ["msteams"] = new JsonObject { ["width"] = "Full" },
        };
        if (target is not null)
        {
            card["actions"] = new JsonArray(new JsonObject
            {
                ["type"] = "Action.OpenUrl",
                ["title"] = targetText,
                ["url"] = target.AbsoluteUri,
            });
        }
        return new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(new JsonObject
            {
                ["contentType"] = "application/vnd.microsoft.card.adaptive",
                ["contentUrl"] = null,
                ["content"] = card,
            }),
        };
    }

    private static void AddSection(JsonArray body, string title, IReadOnlyList<(string Name, string Value)> facts)
    {
        if (facts.Count > 0)
        {
            if (title.Length > 0)
            {
                body.Add(Text(title, ("weight", "Bolder"), ("spacing", "Medium")));
            }
            body.Add(Facts(facts));
        }
    }

    private static JsonObject Facts(IReadOnlyList<(string Name, string Value)> facts) => new()
    {
        ["type"] = "FactSet",
        ["facts"] = new JsonArray([.. facts.Select(fact => new JsonObject { ["title"] = Plain(fact.Name), ["value"] = Plain(fact.Value) })]),
    };

    private static JsonObject Text(string text, params (string Name, JsonNode Value)[] style)
    {
        var block = new JsonObject { ["type"] = "TextBlock", ["text"] = Plain(text), ["wrap"] = true };
        foreach (var (name, value) in style)
        {
            block[name] = value;
        }
        return block;
    }

    /// <summary>Cards read text as Markdown: a goal must not become a link that leads elsewhere.</summary>
    private static string Plain(string text)
    {
        var plain = new System.Text.StringBuilder();
        foreach (var c in text)
        {
            _ = c is '\\' or '[' or ']' or '*' or '_' or '`' or '~' ? plain.Append('\\').Append(c) : plain.Append(c);
        }
        return plain.ToString();
    }
}
