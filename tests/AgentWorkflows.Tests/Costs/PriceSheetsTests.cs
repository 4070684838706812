using AgentWorkflows.Agents;
using AgentWorkflows.Costs;
using AgentWorkflows.Tests.Agents;
using Xunit;

namespace AgentWorkflows.Tests.Costs;

public sealed class PriceSheetsTests
{
    private const string Two = """
        sheets:
          - version: old
            effective: 2026-01-01
            source: s
            models:
              offline-playbook: {input: 1.00, output: 2.00}
          - version: new
            effective: 2026-11-21
            source: s
            models:
              offline-playbook: {input: 3.00, cached_input: 0.50, output: 4.00, per_call: 0.01}
        """;

    [Theory]
    [InlineData("2026-01-01T00:00:00Z", "old")]
    [InlineData("2026-11-20T23:59:59.9999999Z", "old")]
    [InlineData("2026-11-21T00:00:00Z", "new")]
    [InlineData("2026-11-20T23:00:00-05:00", "new")]
    [InlineData("2030-01-01T00:00:00Z", "new")]
    public void TheSheetInForce_IsTheLatestThatHasBegunInUtc(string now, string version)
    {
        var sheets = new PriceSheets([Sheet("old", 2026, 1, 1), Sheet("new", 2026, 11, 21)]);

        Assert.Equal(version, sheets.InForce(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture))!.Version);
    }

    [Fact]
    public void BeforeTheFirstSheet_NothingIsInForce() =>
        Assert.Null(new PriceSheets([Sheet("old", 2026, 1, 1)]).InForce(new DateTimeOffset(2025, 12, 31, 23, 0, 0, TimeSpan.Zero)));

    [Fact]
    public void AnAgent_IsGivenOutWithThePricesOfTheMoment()
    {
        var clock = new SetClock { Now = new DateTimeOffset(2026, 11, 20, 23, 59, 0, TimeSpan.Zero) };
        var sheets = new PriceSheets([Sheet("old", 2026, 1, 1), Sheet("new", 2026, 11, 21)]);
        var catalog = new AgentCatalog([AgentFiles.Valid()], sheets, clock);
        Assert.Equal("old", catalog.Find("desk")!.Prices["m"].SheetVersion);

        clock.Now = clock.Now.AddMinutes(1);

        Assert.Equal("new", catalog.Find("desk")!.Prices["m"].SheetVersion);
    }

    [Theory]
    [InlineData("effective: 2026-11-21", "effective: 2026-01-01", "sheets[1].effective: Two sheets begin on this day.")]
    [InlineData("version: new", "version: old", "sheets[1].version: There are two sheets 'old'.")]
    [InlineData("effective: 2026-11-21", "effective: soon", "sheets[1].effective: 'soon' is not a date.")]
    [InlineData("per_call: 0.01", "per_call: -1", "sheets[1].models.offline-playbook.per_call: '-1' is not an amount.")]
    [InlineData("output: 4.00", "output: 0", "sheets[1].models.offline-playbook.output: '0' is out of range.")]
    [InlineData("sheets:", "version: x\nsheets:", "version: There is no such key.")]
    public void AWrongSheet_IsRefusedByItsPlace(string from, string to, string problem) =>
        Assert.Contains(
            AgentFiles.Problems(AgentFiles.Head + AgentFiles.Tools, prices: Two.Replace(from, to, StringComparison.Ordinal)),
            line => line.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public void OnlySheetsOfTheFuture_AreRefused() =>
        Assert.Contains(
            AgentFiles.Problems(AgentFiles.Head + AgentFiles.Tools, prices: Two.Replace("2026-", "2999-", StringComparison.Ordinal)),
            line => line.Contains("No sheet is in force yet; the first begins on 2999-01-01.", StringComparison.Ordinal));

    private static PriceSheet Sheet(string version, int year, int month, int day) => new(version, new DateOnly(year, month, day), new Dictionary<string, ModelPrice>
    {
        ["m"] = new() { InputMicrosPerMillion = 1, CachedInputMicrosPerMillion = 1, OutputMicrosPerMillion = 1, SheetVersion = version },
    });
}
