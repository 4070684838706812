using AgentWorkflows.Server.Tests.Http;
using Microsoft.Playwright;
using Xunit;

namespace AgentWorkflows.Server.Tests.Browser;

/// <summary>A session from its start to its end, and back, by a person with a browser.</summary>
[Collection(BrowserTests.Name)]
public class SessionFlowTests(Chromium chromium)
{
    private const string Goal = "Refund order 1042, it arrived broken, and tell the customer";

    [BrowserFact]
    public async Task Session_StartedInTheConsole_ReachesItsApprovalLive_IsApprovedInTheInbox_Completes()
    {
        await using var server = await TestServer.StartAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, server);
        await console.Text("No sessions yet").WaitForAsync();

        await console.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "New session" }).First.ClickAsync();
        await console.Page.GetByLabel("Goal").FillAsync(Goal);
        await console.Button("Start").ClickAsync();

        // Nothing is reloaded from here on: what follows arrives by itself.
        await console.SeesStatusAsync("AwaitingApproval");
        await console.Page.Locator(".link-state[data-state=live]").WaitForAsync();
        await console.Page.Locator(".trace-row.kind-approval").WaitForAsync();
        await console.Link("Approvals").First.ClickAsync();
        foreach (var tool in new[] { "issue_refund", "send_message" })
        {
            var card = console.Page.GetByRole(AriaRole.Article, new PageGetByRoleOptions { Name = $"Approval of {tool}" });
            await card.GetByLabel("Deciding as").FillAsync("ada");
            await card.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Approve" }).ClickAsync();
            await card.GetByText("Approved by ada").WaitForAsync();
        }
        await console.Link(Goal).First.ClickAsync();
        await console.SeesStatusAsync("Completed");
        await Assertions.Expect(console.Page.Locator(".answer")).ToContainTextAsync("Order 1042 was refunded");
        console.AssertQuiet();
    }
}
