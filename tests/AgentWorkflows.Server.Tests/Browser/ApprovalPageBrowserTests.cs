using AgentWorkflows.Approvals;
using AgentWorkflows.Approvals.Links;
using AgentWorkflows.Server.Tests.Approvals;
using AgentWorkflows.Server.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentWorkflows.Server.Tests.Browser;

/// <summary>The page a mail leads to, on a phone, in a real browser: its forms, its content policy and the browser's own idea of where a form comes from.</summary>
[Collection(BrowserTests.Name)]
public class ApprovalPageBrowserTests(Chromium chromium)
{
    [BrowserFact]
    public async Task APersonWithAPhone_MistypesTheCode_ChangesTheAmount_AndDecides()
    {
        await using var server = await TestServer.StartAsync();
        var asked = await ApprovalPageTests.AskAsync(server);
        var token = server.Services.GetRequiredService<ApprovalLinks>().TokenFor(asked, "ann@example.com");
        var code = server.Services.GetRequiredService<ApprovalTokens>().CodeOf(token);
        await using var tab = await ConsolePage.OpenAsync(chromium, server, "approve/" + token, width: 390, height: 844);
        tab.Expected = "server responded with a status of 4";
        var page = tab.Page;
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"));

        await page.GetByLabel("Code").FillAsync("AAA-AAA");
        await tab.Button("Approve").ClickAsync();
        await page.GetByText("That is not the code of this message.").WaitForAsync();
        await page.GetByText("Change the arguments").ClickAsync();
        await page.GetByLabel("amount").FillAsync("5.00");
        await page.GetByLabel("Code").FillAsync(code);
        await tab.Button("Approve").ClickAsync();
        await page.GetByText("You changed the arguments.").WaitForAsync();
        Assert.Equal("5.00", await page.GetByLabel("amount").InputValueAsync());
        Assert.Equal("", await page.GetByLabel("Code").InputValueAsync());
        await page.GetByLabel("Code").FillAsync(code);
        await tab.Button("Approve with these arguments").ClickAsync();

        await page.GetByText("Approved with your arguments").WaitForAsync();
        var decision = (await server.Services.GetRequiredService<IApprovalStore>().GetAsync(asked.Id, default))!.Decision!;
        Assert.Equal(("ann@example.com", "5.00"), (decision.Approver, decision.Arguments!.Value.GetProperty("amount").GetRawText()));
        await page.GotoAsync($"{server.Http.BaseAddress}approve/{token}");
        await page.GetByText("This has been decided").WaitForAsync();
        tab.AssertQuiet();
    }
}
