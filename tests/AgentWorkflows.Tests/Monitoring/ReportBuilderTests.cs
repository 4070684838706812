using AgentWorkflows.Costs;
using AgentWorkflows.Operations.Reports;
using AgentWorkflows.Record;
using AgentWorkflows.Testing.Conformance;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Tests.Monitoring;

public sealed class ReportBuilderTests
{
    private static readonly DateOnly Day = new(2026, 11, 20);
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void CostPerSuccess_CountsFailuresAndRetriesOfTheTaskType()
    {
        var builder = new ReportBuilder(Day, null, new ReportOptions());
        builder.Add(Session("s-1", "refund", SessionStatus.Completed));
        builder.Add(Session("s-2", "refund", SessionStatus.Failed, FailureCategory.System));
        builder.Add(Session("s-3", "refund", SessionStatus.Completed));
        builder.Add(Session("s-4", "note", SessionStatus.Halted, FailureCategory.Budget));
        builder.Add(Settled("a", "refund", 1_000));
        builder.Add(Settled("b", "refund", 2_000));
        builder.Add(Settled("c", "refund", 501));
        builder.Add(Settled("d", "note", 40));

        var report = builder.Build(Noon);

        Assert.Equal(["refund", "note"], report.ByTaskType.Select(group => group.Key));
        Assert.Equal((3_501, 3, 3, 2, 1_751), Facts(report.ByTaskType[0]));
        Assert.Equal((40, 1, 1, 0, null), Facts(report.ByTaskType[1]));
        Assert.Equal((4, 2), (report.SessionsStarted, report.SessionsSucceeded));
        Assert.Equal(new Dictionary<string, int> { ["Budget"] = 1, ["System"] = 1 }, report.FailuresByCategory);
        Assert.Equal(new Dictionary<string, int> { ["Completed"] = 2, ["Failed"] = 1, ["Halted"] = 1 }, report.SessionsByStatus);
    }

    [Fact]
    public void Return_ComparesWithPeople()
    {
        var builder = new ReportBuilder(Day, null, new ReportOptions { HumanMicrosPerTask = 500_000 });
        builder.Add(Session("s-1", "refund", SessionStatus.Completed));
        builder.Add(Settled("a", "refund", 100_000));

        var roi = builder.Build(Noon).Return;

        Assert.Equal((500_000, 400_000, 400m), (roi.HumanMicros, roi.SavedMicros, roi.Percent));
        Assert.Null(new ReportBuilder(Day, null, new ReportOptions()).Build(Noon).Return.Percent);
    }

    [Fact]
    public void Spend_KeepsDoubtsHoldsAndExpiriesApart()
    {
        var builder = new ReportBuilder(Day, null, new ReportOptions());
        builder.Add(Settled("a", "refund", 100) with { ReservedMicros = 250 });
        builder.Add(Settled("b", "refund", 700) with { Actual = new CostActual(700) { InDoubt = true }, Expired = true });
        builder.Add(EntryRules.Reserved(LedgerFacts.Entry("c"), 30, Noon));
        builder.Add(EntryRules.Expire(EntryRules.Reserved(LedgerFacts.Entry("d"), 30, Noon), Noon.AddDays(1))!.Entry);

        var spend = builder.Build(Noon).Spend;

        Assert.Equal((800, 700, 30, 2, 2, 2.5m), (spend.CostMicros, spend.InDoubtMicros, spend.HeldMicros, spend.Calls, spend.ExpiredReservations, spend.HoldRatio));
    }

    [Fact]
    public void Hours_AreThoseOfUtc()
    {
        var builder = new ReportBuilder(Day, null, new ReportOptions());
        builder.Add(Settled("a", "refund", 5) with { ReservedAt = new DateTimeOffset(2026, 11, 20, 23, 59, 0, TimeSpan.Zero) });
        builder.Add(Settled("b", "refund", 7) with { ReservedAt = new DateTimeOffset(2026, 11, 20, 1, 30, 0, TimeSpan.FromHours(1)) });

        var hours = builder.Build(Noon).SpendByHour;

        Assert.Equal((5L, 7L, 12L), (hours[23], hours[0], hours.Sum()));
    }

    [Fact]
    public void AUsersReport_HasNothingOfOthers()
    {
        var builder = new ReportBuilder(Day, "u-2", new ReportOptions());
        builder.Add(Settled("a", "refund", 5));

        Assert.Equal(0, builder.Build(Noon).Spend.CostMicros);
    }

    [Fact]
    public void Groups_BeyondTheMost_AreAddedUp()
    {
        var builder = new ReportBuilder(Day, null, new ReportOptions { MaxGroups = 2 });
        for (var i = 1; i <= 5; i++)
        {
            builder.Add(Settled($"e-{i}", $"task-{i}", i));
        }

        Assert.Equal([("task-5", 5L), ("task-4", 4L), (SpendGroup.Rest, 6L)], builder.Build(Noon).ByTaskType.Select(group => (group.Key, group.CostMicros)));
    }

    [Fact]
    public void Csv_KeepsTextAsText()
    {
        var entry = Settled("e-1", "=cmd|' /C calc'!A0", 1_250) with { ReservedMicros = 2_000_000 };
        entry = entry with { Entry = entry.Entry with { UserId = "a \"b\", c\nd\u001b[31m", Purpose = "-1" } };

        Assert.Equal(
            "e-1,s-1,1,Model,gpt-test,order-desk,\"a \"\"b\"\", c d [31m\",'=cmd|' /C calc'!A0,'-1,Settled,false,false,2.000000,0.001250,10,0,4,v1,"
            + "2026-11-20T12:00:00.0000000Z,2026-11-20T12:00:01.0000000Z",
            LedgerCsv.Line(entry));
        Assert.Equal(LedgerCsv.Header.Split(',').Length, LedgerCsv.Line(Settled("e", "t", 1)).Split(',').Length);
    }

    private static (Micros, int, int, int, Micros?) Facts(SpendGroup group) =>
        (group.CostMicros, group.Calls, group.Sessions, group.Succeeded, group.CostPerSuccessMicros);

    private static LedgerEntry Settled(string id, string taskType, long micros)
    {
        var actual = new CostActual(micros) { InputTokens = 10, OutputTokens = 4, PriceSheetVersion = "v1" };
        return EntryRules.Settle(EntryRules.Reserved(LedgerFacts.Entry(id) with { TaskType = taskType }, micros, Noon), actual, Noon.AddSeconds(1))!.Entry;
    }

    private static SessionRecord Session(string id, string taskType, SessionStatus status, FailureCategory? failure = null) =>
        SessionFacts.Session(id, Noon, taskType: taskType) with
        {
            Progress = new SessionProgress
            {
                Status = status,
                Failure = failure is { } category ? new SessionFailure(category, "x", "y") : null,
            },
        };
}
