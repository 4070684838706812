using System.Net;
using System.Text.Json;
using AgentWorkflows.DurableHost.Tests.Apps;
using Xunit;

namespace AgentWorkflows.DurableHost.Tests.Sessions;

/// <summary>What people do with sessions, over HTTP, with the published app on the official engine.</summary>
public sealed class SessionTests(RunningHost host) : IClassFixture<RunningHost>
{
    private const int Hang = 600_000;

    private SessionsOverHttp Api => host.Api;

    [Fact(Timeout = Hang)]
    public async Task An_approved_note_is_written_once_and_its_costs_are_settled()
    {
        var id = await Api.StartAsync("approved", "the soup is hot");
        await Api.ApproveAsync(id);

        var ended = await Api.EndAsync(id);

        Assert.Equal(
            ("Completed", "The note is on approved: \"the soup is hot\""), (Status(ended), ended.GetProperty("answer").GetString()));
        Assert.Equal(["the soup is hot"], await host.App.NotesAsync("approved"));
        var ledger = await Api.GetAsync($"/api/sessions/{id}/ledger");
        Assert.Equal(ended.GetProperty("costUsd").GetDecimal(), ledger.GetProperty("totalUsd").GetDecimal());
        Assert.Equal(0, ledger.GetProperty("reservedUsd").GetDecimal());
        Assert.True((await Api.GetAsync($"/api/sessions/{id}/timeline")).GetProperty("entries").GetArrayLength() > 0);
    }

    [Fact(Timeout = Hang)]
    public async Task A_rejected_note_is_not_written_and_the_answer_gives_the_reason()
    {
        var id = await Api.StartAsync("rejected", "the soup is cold");
        await Api.DecideAsync(await Api.PendingAsync(id), "reject", "it is not true");

        var ended = await Api.EndAsync(id);

        Assert.Contains("it is not true", ended.GetProperty("answer").GetString(), StringComparison.Ordinal);
        Assert.Empty(await host.App.NotesAsync("rejected"));
    }

    [Fact(Timeout = Hang)]
    public async Task A_suspended_session_acts_on_a_decision_only_when_it_is_resumed()
    {
        var id = await Api.StartAsync("suspended", "later");
        var approval = await Api.PendingAsync(id);
        await Api.PostAsync($"/api/sessions/{id}/suspend");
        await Api.StatusAsync(id, "Suspended");
        await Api.DecideAsync(approval, "approve");
        // Another session that begins and ends meanwhile shows that the engine is not just slow.
        var other = await Api.StartAsync("other", "meanwhile");
        await Api.ApproveAsync(other);
        await Api.EndAsync(other);
        Assert.Equal("Suspended", Status(await Api.SessionAsync(id)));
        Assert.Empty(await host.App.NotesAsync("suspended"));

        await Api.PostAsync($"/api/sessions/{id}/resume");

        Assert.Equal("Completed", Status(await Api.EndAsync(id)));
        Assert.Equal(["later"], await host.App.NotesAsync("suspended"));
    }

    [Fact(Timeout = Hang)]
    public async Task A_terminated_session_withdraws_what_it_asked()
    {
        var id = await Api.StartAsync("terminated", "never");
        var approval = await Api.PendingAsync(id);

        await Api.PostAsync($"/api/sessions/{id}/terminate", new { reason = "enough" });

        Assert.Equal("Terminated", Status(await Api.EndAsync(id)));
        Assert.Equal("Withdrawn", Status(await Api.GetAsync($"/api/approvals/{approval.GetProperty("id").GetString()}")));
        Assert.Empty(await host.App.NotesAsync("terminated"));
    }

    [Fact(Timeout = Hang)]
    public async Task A_fork_goes_on_from_a_turn_of_another_session()
    {
        var id = await Api.StartAsync("forked", "twice");
        await Api.ApproveAsync(id);
        await Api.EndAsync(id);

        var fork = (await Api.PostAsync($"/api/sessions/{id}/fork", new { turn = 1 })).GetProperty("id").GetString()!;
        await Api.ApproveAsync(fork);
        var ended = await Api.EndAsync(fork);

        Assert.Equal(("Completed", id), (Status(ended), ended.GetProperty("forkedFrom").GetProperty("sessionId").GetString()));
        Assert.Equal(["twice", "twice"], await host.App.NotesAsync("forked"));
    }

    [Fact(Timeout = Hang)]
    public async Task A_rollback_takes_the_note_back()
    {
        var id = await Api.StartAsync("rolled back", "oops");
        await Api.ApproveAsync(id);
        await Api.EndAsync(id);

        await Api.PostAsync($"/api/sessions/{id}/rollback", new { reason = "it was wrong" });

        await Api.StatusAsync(id, "RolledBack");
        Assert.Empty(await host.App.NotesAsync("rolled back"));
    }

    [Fact(Timeout = Hang)]
    public async Task The_page_behind_the_link_decides_with_the_code_of_the_message()
    {
        var id = await Api.StartAsync("by link", "clicked");
        var notice = (await SessionsOverHttp.UntilAsync(
            () => Task.FromResult(host.Webhook.Notices.FirstOrDefault(notice => notice.SessionId == id)), notice => notice is not null))!;
        var page = new Uri(notice.Link!).PathAndQuery;

        using var shown = await Api.RawAsync(new HttpRequestMessage(HttpMethod.Get, page));
        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        Assert.Contains("write_note", await shown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var decided = await Api.RawAsync(new HttpRequestMessage(HttpMethod.Post, page)
        {
            Content = new FormUrlEncodedContent([new("decision", "approve"), new("code", notice.Code!)]),
        });

        Assert.Equal(HttpStatusCode.OK, decided.StatusCode);
        Assert.Equal("Completed", Status(await Api.EndAsync(id)));
        Assert.Equal(["clicked"], await host.App.NotesAsync("by link"));
    }

    [Theory(Timeout = Hang)]
    [InlineData("Maintenance")]
    [InlineData("DailyWork")]
    public Task The_timer_functions_run(string name) => Api.PostAsync($"/admin/functions/{name}");

    [Fact(Timeout = Hang)]
    public async Task The_host_is_ready() => Assert.Equal("ready", Status(await Api.GetAsync("/health/ready")));

    private static string? Status(JsonElement answer) => answer.GetProperty("status").GetString();
}
