using System.Collections.Concurrent;
using System.Text.Json;
using AgentWorkflows.Server.Tests.Http;
using Microsoft.Playwright;
using Xunit;

namespace AgentWorkflows.Server.Tests.Browser;

/// <summary>The console of a server in a browser tab. Whatever the tab complains about (errors, refused by the content policy) fails the test at its end.</summary>
internal sealed class ConsolePage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly Uri _address;

    private ConsolePage(IBrowserContext context, IPage page, Uri address)
    {
        _context = context;
        _address = address;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !IsExpected(message.Text))
            {
                _complaints.Enqueue($"{message.Type}: {message.Text}");
            }
        };
        page.PageError += (_, error) => _complaints.Enqueue("uncaught: " + error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                _complaints.Enqueue("loaded from elsewhere: " + request.Url);
            }
        };
    }

    public IPage Page { get; }

    /// <summary>A part of a complaint the test provokes on purpose.</summary>
    public string? Expected { get; set; }

    public static async Task<ConsolePage> OpenAsync(
        Chromium chromium, TestServer server, string hash = "", int width = 1280, int height = 860, bool dark = false, Func<IPage, Task>? before = null)
    {
        var context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            Locale = "en-GB",
            TimezoneId = "Europe/Berlin",
        });
        context.SetDefaultTimeout(20_000);
        var page = await context.NewPageAsync();
        var console = new ConsolePage(context, page, server.Http.BaseAddress!);
        await page.AddInitScriptAsync("addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`));");
        if (before is not null)
        {
            await before(page);
        }
        await console.GoAsync(hash);
        return console;
    }

    public Task GoAsync(string hash) => Page.GotoAsync($"{_address}{hash}");

    public ILocator Text(string text) => Page.GetByText(text, new PageGetByTextOptions { Exact = true });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = name });

    public ILocator Tab(string name) => Page.GetByRole(AriaRole.Tab, new PageGetByRoleOptions { Name = name });

    /// <summary>The status shown at the head of a session's page.</summary>
    public Task SeesStatusAsync(string status) => Page.Locator($".session-meta [data-status={status}]").WaitForAsync();

    public Task<JsonElement> EvaluateAsync(string script) => Page.EvaluateAsync<JsonElement>(script);

    /// <summary>Nothing was complained about so far.</summary>
    public void AssertQuiet() => Assert.Empty(_complaints);

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private bool IsExpected(string text) => Expected is { } expected && text.Contains(expected, StringComparison.Ordinal);
}
