using AgentWorkflows.AspNetCore.Sessions;
using Spectre.Console;

namespace AgentWorkflows.Server.Terminal;

/// <summary>A session's money, entry by entry, with the total the summary shows.</summary>
internal static class LedgerView
{
    public static void Write(Screen screen, LedgerResponse ledger)
    {
        var table = new Table().Border(TableBorder.None).AddColumns(
            Column("turn").RightAligned(), Column("for"), Column("subject"), Column("tokens").RightAligned(), Column("cost").RightAligned(), Column("state"));
        foreach (var entry in ledger.Entries)
        {
            table.AddRow(
                new Text($"{entry.Turn}"),
                new Text(Layout.Cut(entry.Purpose, 18)),
                new Text(Layout.Cut(entry.Subject, 22)),
                new Text(entry.Kind == "Model" ? $"{entry.InputTokens}+{entry.OutputTokens}" : ""),
                new Text(Layout.Usd(entry.Status == "Reserved" ? entry.ReservedUsd : entry.CostUsd)),
                new Text(StateOf(entry), entry.InDoubt || entry.Expired ? Styles.Warning : Styles.Dim));
        }
        screen.Console.Write(table);
        screen.Line();
        screen.Field("Total", Layout.Usd(ledger.TotalUsd) + (ledger.ReservedUsd > 0 ? $", and {Layout.Usd(ledger.ReservedUsd)} reserved" : ""), Styles.Strong);
        if (SavingsOf(ledger.Savings) is var (label, text))
        {
            screen.Field(label, text);
        }
    }

    /// <summary>In the words of the console. Nothing where routing and the cache made no difference.</summary>
    internal static (string Label, string Text)? SavingsOf(SavingsResponse? savings)
    {
        if (savings is null or { SavedUsd: 0, CacheHits: 0 })
        {
            return null;
        }
        var cached = savings.CacheHits > 0 ? $", {Layout.Count(savings.CacheHits, "answer")} from the cache" : "";
        return savings.SavedUsd >= 0
            ? ("Saved", $"{Layout.Usd(savings.SavedUsd)} of {Layout.Usd(savings.BaselineUsd)} against everything on {savings.DearestModel}{cached}")
            : ("Extra", $"{Layout.Usd(-savings.SavedUsd)} more than everything on {savings.DearestModel}{cached}");
    }

    private static string StateOf(LedgerItem entry) =>
        (entry.Disbelieved is not null ? "in doubt, usage not believed" : entry.InDoubt ? "in doubt" : entry.Status.ToLowerInvariant()) + (entry.Expired ? ", expired" : "");

    private static TableColumn Column(string title) => new TableColumn(new Text(title, Styles.Dim)).NoWrap();
}
