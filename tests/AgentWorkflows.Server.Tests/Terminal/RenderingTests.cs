using AgentWorkflows.AspNetCore.Approvals;
using AgentWorkflows.AspNetCore.Sessions;
using AgentWorkflows.Server.Terminal;
using AgentWorkflows.Server.Tests.Http;
using Xunit;

namespace AgentWorkflows.Server.Tests.Terminal;

/// <summary>What people see at 80 columns without colours.</summary>
public class RenderingTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Timeline_IsAlignedAndSaysWhatFailed()
    {
        var text = Render(screen =>
        {
            var view = new TimelineView(screen);
            view.Write(Item(1, "Plan", "Look at the order before refunding it, to know what was paid and whether it was delivered", "planned", 412, 0.000412m));
            view.Write(Item(1, "Act", "get_order", "succeeded", 12, 0));
            view.Write(Item(2, "Act", "issue_refund", "failed", 1500, 0.001m));
        });

        Assert.Equal("""

            Turn 1
              plan       Look at the order before refunding it, to         412 ms  $0.000412
                         know what was paid and whether it was
                         delivered
              act        get_order                                          12 ms

            Turn 2
              act        issue_refund (failed)                              1.5 s  $0.001000

            """, text);
        AssertFits(text);
    }

    [Fact]
    public void Approval_ShowsAllItIsBoundTo()
    {
        var text = Render(screen => ApprovalView.Write(screen, ApprovalResponse.From(DecisionTests.Request(AgentWorkflows.Approvals.ApprovalStatus.Pending)), At));

        Assert.Contains("Approval needed: issue_refund", text, StringComparison.Ordinal);
        Assert.Contains("  expires     2026-11-22 09:30:00 UTC (in 1 d 0 h)", text, StringComparison.Ordinal);
        Assert.Contains("    order_id  1042", text, StringComparison.Ordinal);
        Assert.Contains("    reason    arrived broken", text, StringComparison.Ordinal);
        AssertFits(text);
    }

    [Theory]
    [InlineData(0.003, 0.0012, 2, "Saved     $0.001200 of $0.003000 against everything on gpt-4.1, 2 answers from the cache")]
    [InlineData(0.003, 0.0012, 0, "Saved     $0.001200 of $0.003000 against everything on gpt-4.1")]
    [InlineData(0.003, 0, 1, "Saved     $0.000000 of $0.003000 against everything on gpt-4.1, 1 answer from the cache")]
    [InlineData(0.003, -0.0005, 0, "Extra     $0.000500 more than everything on gpt-4.1")]
    [InlineData(0.003, 0, 0, null)]
    public void Ledger_SaysWhatRoutingAndTheCacheSaved(double baseline, double saved, int hits, string? line)
    {
        var text = Render(screen => LedgerView.Write(
            screen, new LedgerResponse("s-1", 0.0018m, 0, []) { Savings = new SavingsResponse("gpt-4.1", (decimal)baseline, (decimal)saved, hits) }));

        var lines = System.Text.RegularExpressions.Regex.Replace(text, @"\n\s{6,}", " ").Split('\n').Select(each => each.TrimEnd());
        Assert.Equal(line, lines.SingleOrDefault(each => each.StartsWith("Saved", StringComparison.Ordinal) || each.StartsWith("Extra", StringComparison.Ordinal)));
        AssertFits(text);
    }

    [Fact]
    public void Trace_ShowsTurnsAsATree()
    {
        var text = Render(screen => TraceView.Write(
            screen, Session(), [Item(0, "Session", "Started", "started", null, 0), Item(1, "Plan", "Look first", "planned", 412, 0.000412m)], details: false));

        Assert.Contains("turn 1  $0.000412", text, StringComparison.Ordinal);
        Assert.Contains("plan        Look first  [412 ms, $0.000412]", text, StringComparison.Ordinal);
        AssertFits(text);
    }

    [Fact]
    public void Tables_FitEightyColumns()
    {
        var text = Render(screen =>
        {
            SessionViews.WriteTable(screen,
                [new SessionSummary("0b1f6a2c-5d3e-4f70-8a91-b2c3d4e5f607", "order-desk", "g", "refund", "u-1", "AwaitingApproval", "approval", 3, 0.00125m, 2100, At, At)], At.AddMinutes(2));
            LedgerView.Write(screen, new LedgerResponse("s-1", 0.00125m, 0.001m,
                [new LedgerItem { Id = "s-1/1/plan", Turn = 1, Kind = "Model", Subject = "offline-playbook", Purpose = "plan", Status = "Settled", ReservedUsd = 0.002m, CostUsd = 0.00125m, InputTokens = 1200, OutputTokens = 90, ReservedAt = At }]));
            SessionViews.WriteSummary(screen, Session(), new RunTotals(4, 2), " --data other");
        });

        Assert.Contains("AwaitingApproval", text, StringComparison.Ordinal);
        Assert.Contains("1200+90", text, StringComparison.Ordinal);
        Assert.Contains("Cost      $0.001250, 2,100 tokens, 3 turns", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", text, StringComparison.Ordinal);
        AssertFits(text);
    }

    private static SessionResponse Session() => new()
    {
        Id = "s-1",
        Agent = "order-desk",
        Goal = "Refund order 1042, it arrived broken, and tell the customer",
        TaskType = "refund",
        UserId = "u-1",
        AgentVersion = "1.0",
        SnapshotHash = "sha256:abc",
        ToolCalls = 3,
        Status = "Completed",
        Phase = "done",
        Turn = 3,
        CostUsd = 0.00125m,
        Tokens = 2100,
        Answer = "Order 1042 is refunded and the customer knows.",
        CreatedAt = At,
        UpdatedAt = At,
    };

    private static TimelineItem Item(int turn, string kind, string title, string status, double? duration, decimal cost) => new()
    {
        Sequence = 1,
        Turn = turn,
        Kind = kind,
        Title = title,
        Status = status,
        At = At,
        DurationMs = duration,
        CostUsd = cost,
        Tokens = 0,
    };

    private static string Render(Action<Screen> draw)
    {
        using var output = new StringWriter { NewLine = "\n" };
        draw(new Screen(output, TextWriter.Null, TextReader.Null, interactive: false, colours: false, width: 80));
        return output.ToString().ReplaceLineEndings("\n");
    }

    private static void AssertFits(string text) => Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
}
