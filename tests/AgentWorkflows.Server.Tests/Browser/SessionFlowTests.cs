using AgentWorkflows.AspNetCore.Live;
using AgentWorkflows.Server.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
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
        await console.Page.GetByLabel("user_id").FillAsync("maria");
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

    [BrowserFact]
    public async Task FinishedSession_IsTakenBack_AfterAQuestion()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartSessionAsync("note", "Add a note to order 1010 saying called twice");
        await using var console = await ConsolePage.OpenAsync(chromium, server, "#/sessions/note");
        await console.SeesStatusAsync("Completed");

        await console.Button("Not good").ClickAsync();
        await console.Page.GetByLabel("Comment").FillAsync("It was order 1011.");
        await console.Button("Keep").ClickAsync();
        await console.Page.GetByText("“It was order 1011.”").WaitForAsync();

        await console.Button("Roll back").ClickAsync();
        await console.Page.GetByLabel("Reason").FillAsync("Wrong order");
        await console.Button("Roll back 1 action").ClickAsync();

        await console.SeesStatusAsync("RolledBack");
        await console.Page.Locator(".trace-row.kind-compensation").WaitForAsync();
        await console.Tab("Saga stack").ClickAsync();
        await console.Text("Taken back").WaitForAsync();
        Assert.Equal(0, await console.Button("Roll back").CountAsync());
        console.AssertQuiet();
    }

    [BrowserFact]
    public async Task TimeTravel_ShowsTheStateAtATurn_AndForksFromThere()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartSessionAsync("refund", Goal);
        await server.ApproveAsync("refund", "issue_refund");
        await server.ApproveAsync("refund", "send_message");
        await using var console = await ConsolePage.OpenAsync(chromium, server, "#/sessions/refund?tab=travel&turn=1");
        await console.SeesStatusAsync("Completed");
        await console.Text("Until then nothing had been changed that has a compensation.").WaitForAsync();
        Assert.Equal(0, await console.Page.Locator(".travel .call code", new() { HasText = "issue_refund" }).CountAsync());

        await console.Page.GetByLabel("Turn", new() { Exact = true }).PressAsync("ArrowRight");

        await console.Page.Locator(".travel .saga-entry code", new() { HasText = "issue_refund" }).WaitForAsync();
        Assert.EndsWith("?tab=travel&turn=2", console.Page.Url, StringComparison.Ordinal);
        await console.Button("Fork from here").ClickAsync();
        await console.Page.GetByLabel("After turn").FillAsync("1");
        await console.Page.GetByLabel("Id of the new session").FillAsync("again");
        await console.Button("Fork").Last.ClickAsync();
        await console.Link("forked after turn 1").WaitForAsync();
        await console.SeesStatusAsync("AwaitingApproval");
        console.AssertQuiet();
    }

    [BrowserFact]
    public async Task Approval_IsRejectedWithAReason_OrApprovedWithOtherArguments()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartSessionAsync("rejected", Goal);
        await server.StartSessionAsync("edited", "Refund order 1043");
        await using var console = await ConsolePage.OpenAsync(chromium, server, "#/approvals");
        var rejected = console.Page.GetByRole(AriaRole.Article).Filter(new() { HasText = Goal });
        await rejected.GetByLabel("Deciding as").FillAsync("ada");
        await rejected.GetByRole(AriaRole.Button, new() { Name = "Reject" }).ClickAsync();
        await rejected.GetByLabel("Reason").FillAsync("The photo shows another article.");
        await rejected.GetByRole(AriaRole.Button, new() { Name = "Reject the call" }).ClickAsync();
        await rejected.GetByText("Rejected by ada").WaitForAsync();

        var edited = console.Page.GetByRole(AriaRole.Article).Filter(new() { HasText = "Refund order 1043" });
        await edited.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await edited.GetByLabel("amount (optional)").FillAsync("nothing");
        await edited.GetByRole(AriaRole.Button, new() { Name = "Approve these" }).ClickAsync();
        await edited.GetByText("amount must be a number").WaitForAsync();
        await edited.GetByLabel("amount (optional)").FillAsync("1.5");
        await edited.GetByRole(AriaRole.Button, new() { Name = "Approve these" }).ClickAsync();
        await edited.GetByText("Edited by ada").WaitForAsync();

        await console.GoAsync("#/sessions/rejected");
        await console.SeesStatusAsync("Completed");
        await Assertions.Expect(console.Page.Locator(".answer")).ToContainTextAsync("The photo shows another article.");
        await console.GoAsync("#/sessions/edited");
        await console.SeesStatusAsync("Completed");
        await Assertions.Expect(console.Page.Locator(".answer")).ToContainTextAsync("1.50 USD");
        console.AssertQuiet();
    }

    [BrowserFact]
    public async Task Session_IsSuspended_Resumed_AndTerminated()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartSessionAsync("held", Goal);
        await using var console = await ConsolePage.OpenAsync(chromium, server, "#/sessions/held");
        await console.SeesStatusAsync("AwaitingApproval");
        foreach (var (button, status) in new[] { ("Suspend", "Suspended"), ("Resume", "AwaitingApproval"), ("Terminate", "Terminated") })
        {
            await console.Button(button).ClickAsync();
            await console.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
            await console.SeesStatusAsync(status);
        }
        console.AssertQuiet();
    }

    [BrowserFact]
    public async Task HiddenTab_LetsGoOfItsStreams_AndCatchesUpWhenSeenAgain()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartSessionAsync("hidden", Goal);
        await using var console = await ConsolePage.OpenAsync(chromium, server, "#/sessions/hidden");
        await console.SeesStatusAsync("AwaitingApproval");
        var feed = server.Services.GetRequiredService<LiveFeed>();
        await UntilAsync(() => feed.Listeners == 2);

        await console.EvaluateAsync(Visibility("hidden"));
        await UntilAsync(() => feed.Listeners == 0);
        await server.ApproveAsync("hidden", "issue_refund");
        await server.ApproveAsync("hidden", "send_message");
        await console.EvaluateAsync(Visibility("visible"));

        await console.SeesStatusAsync("Completed");
        await UntilAsync(() => feed.Listeners == 2);
        console.AssertQuiet();
    }

    [BrowserFact]
    public async Task WithoutAStream_TheConsolePolls()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartSessionAsync("polled", Goal);
        await using var console = await ConsolePage.OpenAsync(
            chromium, server, "#/sessions/polled", before: page => page.RouteAsync("**/events*", route => route.AbortAsync()));
        console.Expected = "ERR_FAILED";
        await console.Page.Locator(".link-state[data-state=polling]").WaitForAsync();
        await console.SeesStatusAsync("AwaitingApproval");

        await server.ApproveAsync("polled", "issue_refund");
        await server.ApproveAsync("polled", "send_message");

        await console.SeesStatusAsync("Completed");
        console.AssertQuiet();
    }

    private static string Visibility(string state) =>
        $"() => {{ Object.defineProperty(document, 'visibilityState', {{ value: '{state}', configurable: true }}); document.dispatchEvent(new Event('visibilitychange')); }}";

    /// <summary>The server learns of a closed connection without telling anybody, so this looks again and again; the test's timeout bounds it.</summary>
    private static async Task UntilAsync(Func<bool> holds)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!holds())
        {
            await poll.WaitForNextTickAsync();
        }
    }
}
