using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Record;
using AgentWorkflows.Server.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit;

namespace AgentWorkflows.Server.Tests.Browser;

/// <summary>Much data, little screen, people with a keyboard, and servers with keys.</summary>
[Collection(BrowserTests.Name)]
public class ConsoleLooksTests(Chromium chromium)
{
    private const int Narrow = 360;

    [BrowserFact]
    public async Task FiveThousandSessions_AreFiltered()
    {
        await using var server = await TestServer.StartAsync();
        await SessionSeed.AddAsync(server.Services.GetRequiredService<ISessionStore>(), 5000);
        await using var console = await ConsolePage.OpenAsync(chromium, server);
        await console.Page.Locator(".group", new() { HasText = "All" }).GetByText("5,000").WaitForAsync();
        await console.Text("50 sessions shown").WaitForAsync();
        await console.Button("Show 50 more").ClickAsync();
        await console.Text("100 sessions shown").WaitForAsync();

        await console.Page.Locator(".group", new() { HasText = "Failed" }).ClickAsync();
        await console.Page.GetByLabel("User").FillAsync("user-3");
        await console.Page.GetByLabel("User").PressAsync("Enter");
        await console.Page.GetByLabel("Task type").FillAsync("cancel");
        await console.Page.GetByLabel("Task type").BlurAsync();

        // Failed or halted, of user-3, cancellations: of those with i mod 6 in (3, 4), i mod 10 = 3 and i mod 3 = 0.
        var expected = Enumerable.Range(0, 5000).Count(i => i % 6 is 3 or 4 && i % 10 == 3 && i % 3 == 0);
        await console.Page.Locator(".sessions tbody tr", new() { HasText = $"seed-{Enumerable.Range(0, 5000).Last(i => i % 6 is 3 or 4 && i % 10 == 3 && i % 3 == 0):D6}" }).WaitForAsync();
        while (await console.Button("Show 50 more").CountAsync() > 0)
        {
            var before = await console.Page.Locator(".sessions tbody tr").CountAsync();
            await console.Button("Show 50 more").ClickAsync();
            await Assertions.Expect(console.Page.Locator(".sessions tbody tr")).Not.ToHaveCountAsync(before);
        }
        await console.Text($"{expected} sessions shown, which is all of them").WaitForAsync();
        console.AssertQuiet();
    }

    [BrowserFact]
    public async Task TraceOfAThousandSteps_Scrolls()
    {
        await using var server = await TestServer.StartAsync();
        await SessionSeed.AddLongAsync(server.Services.GetRequiredService<ISessionStore>(), "long", 1000);
        await using var console = await ConsolePage.OpenAsync(chromium, server, "#/sessions/long");
        var steps = console.Page.GetByRole(AriaRole.Listbox);
        await console.Text("Step number 1").WaitForAsync();
        await console.Text("1,000 steps").WaitForAsync();

        // Ten screens at each frame; drawing one may not take longer than a blink.
        var slowest = (await console.EvaluateAsync("""
            async () => {
              const view = document.querySelector('.trace-view');
              let slowest = 0;
              for (let top = 0; top < view.scrollHeight; top += view.clientHeight) {
                const start = performance.now();
                view.scrollTop = top;
                await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
                slowest = Math.max(slowest, performance.now() - start);
              }
              return slowest;
            }
            """)).GetDouble();
        await steps.FocusAsync();
        await steps.PressAsync("End");

        await console.Page.Locator(".trace-title", new() { HasText = "Step number 1000" }).WaitForAsync();
        await console.Page.Locator(".step-panel .step-title", new() { HasText = "Step number 1000" }).WaitForAsync();
        Assert.InRange(await console.Page.Locator(".trace-row").CountAsync(), 10, 80);
        // Ten times what is promised of a quiet machine: a list that draws every row takes far longer even so.
        Assert.True(slowest < 5000, $"Drawing a screen took {slowest:0} ms.");
        console.AssertQuiet();
    }

    [BrowserFact]
    public async Task EveryPage_IsReadableAndNamed_LightDarkAndNarrow()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartSessionAsync("refund", "Refund order 1042, it arrived broken, and tell the customer");
        await server.ApproveAsync("refund", "issue_refund");
        await server.StartSessionAsync("note", "Add a note to order 1010 saying called twice");
        await SessionSeed.AddAsync(server.Services.GetRequiredService<ISessionStore>(), 12);
        foreach (var (width, dark) in new[] { (1280, false), (1280, true), (Narrow, false), (Narrow, true) })
        {
            await using var console = await ConsolePage.OpenAsync(chromium, server, width: width, dark: dark);
            foreach (var (hash, sign) in new[]
            {
                ("#/sessions", ".sessions tbody tr"), ("#/sessions?user=nobody", ".empty"), ("#/sessions/refund", ".approval"), ("#/sessions/note?tab=transcript", ".said"),
                ("#/sessions/note?tab=cost", ".chart"), ("#/sessions/note?tab=saga", ".saga-entry"), ("#/sessions/note?tab=travel", ".tile"),
                ("#/approvals", ".approval"), ("#/approvals?view=decided", ".approval-decided"), ("#/agents", ".tool"), ("#/report", ".page-head"),
            })
            {
                await console.GoAsync(hash);
                await console.Page.Locator(sign).First.WaitForAsync();
                await Accessibility.AssertAsync(console, $"{hash} at {width}{(dark ? ", dark" : "")}");
            }
        }
    }

    [BrowserFact]
    public async Task StepsAndTabs_AreReachedByKeyboard()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartSessionAsync("note", "Add a note to order 1010 saying called twice");
        await using var console = await ConsolePage.OpenAsync(chromium, server, "#/sessions/note");
        await console.SeesStatusAsync("Completed");
        await console.Tab("Trace").FocusAsync();
        await console.Page.Keyboard.PressAsync("ArrowRight");
        await console.Page.Locator(".transcript").WaitForAsync();
        Assert.Equal("Transcript", (await console.EvaluateAsync("() => document.activeElement.textContent")).GetString());
        await console.Page.Keyboard.PressAsync("ArrowLeft");
        await console.Page.GetByRole(AriaRole.Listbox).FocusAsync();
        for (var i = 0; i < 6; i++)
        {
            await console.Page.Keyboard.PressAsync("ArrowDown");
        }
        var chosen = (await console.EvaluateAsync("() => document.getElementById(document.querySelector('[role=listbox]').getAttribute('aria-activedescendant')).textContent")).GetString();
        await Assertions.Expect(console.Page.Locator(".step-panel")).ToContainTextAsync("add_note");
        Assert.Contains("add_note", chosen, StringComparison.Ordinal);
        await console.Page.Keyboard.PressAsync("Escape");
        await console.Page.GetByText("Choose a step").WaitForAsync();
        console.AssertQuiet();
    }

    [BrowserFact]
    public async Task ServerWithKeys_AsksForOne_AndOffersWhatItMayDo()
    {
        await using var server = await TestServer.StartAsync(
            Key("reader", ApiRoles.Read, "u-1"), Key("all", ApiRoles.Read | ApiRoles.Start | ApiRoles.Approve | ApiRoles.Operate, "ada"));
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "all");
        await server.StartSessionAsync("mine", "Refund order 1042, it arrived broken, and tell the customer");
        await server.StartSessionAsync("others", "How does order 1077 stand?", "u-2");
        await using var console = await ConsolePage.OpenAsync(chromium, server, before: _ => Task.CompletedTask);
        console.Expected = "401";
        await console.Page.GetByLabel("API key").FillAsync("wrong");
        await console.Button("Open the console").ClickAsync();
        await console.Text("The server does not know this key.").WaitForAsync();

        await console.Page.GetByLabel("API key").FillAsync("reader");
        await console.Button("Open the console").ClickAsync();

        await console.Link("Refund order 1042").WaitForAsync();
        Assert.Equal(0, await console.Link("How does order 1077 stand?").CountAsync());
        Assert.Equal(0, await console.Button("New session").CountAsync());
        await console.GoAsync("#/sessions/mine");
        await console.SeesStatusAsync("AwaitingApproval");
        Assert.Equal(0, await console.Button("Terminate").CountAsync());
        Assert.Equal("reader", (await console.EvaluateAsync("() => sessionStorage.getItem('agentworkflows.key')")).GetString());
        Assert.Equal(JsonValueKind.Null, (await console.EvaluateAsync("() => localStorage.getItem('agentworkflows.key')")).ValueKind);
    }

    private static ApiKey Key(string key, ApiRoles roles, string user) => new(key, SHA256.HashData(Encoding.UTF8.GetBytes(key)), roles, user);
}
