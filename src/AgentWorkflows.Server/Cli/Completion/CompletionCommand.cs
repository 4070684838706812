using System.CommandLine;
using AgentWorkflows.Server.Terminal;

namespace AgentWorkflows.Server.Cli.Completion;

/// <summary><c>completion SHELL</c> writes a script; the script asks <c>complete</c> (hidden) at each Tab.</summary>
internal sealed class CompletionCommand(Screen screen)
{
    private readonly Argument<string> _shell = new Argument<string>("shell") { Description = "bash, zsh, fish or pwsh." }.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
    private readonly Argument<string> _line = new("line") { Description = "The command line so far, with the program's name." };
    private readonly Option<int?> _position = new("--position") { Description = "Where the cursor is in it, from 0. Default: at its end." };

    public Command Create() => new("completion", "Write the script that completes commands, options and ids in a shell.") { _shell };

    public Command CreateComplete() => new("complete", "Answer a completion script.") { Hidden = true, Options = { _position }, Arguments = { _line } };

    public Task<int> WriteScriptAsync(ParseResult result)
    {
        if (screen.Program.Contains(' ', StringComparison.Ordinal))
        {
            screen.Error($"Shells complete programs that are called by one word, and this one was started as '{screen.Program}'. Start it by its executable instead.");
            return Task.FromResult(ExitCodes.Usage);
        }
        screen.Verbatim(CompletionScripts.Of(result.GetValue(_shell)!, screen.Program));
        return Task.FromResult(ExitCodes.Completed);
    }

    /// <summary>A line for each candidate: what to insert, and after a tab what it means.</summary>
    public Task<int> CompleteAsync(ParseResult result, Command root)
    {
        var line = result.GetValue(_line)!;
        var position = Math.Clamp(result.GetValue(_position) ?? line.Length, 0, line.Length);
        var start = Math.Max(0, line.IndexOf(' ', StringComparison.Ordinal));
        if (position <= start)
        {
            return Task.FromResult(ExitCodes.Completed);
        }
        // Only what stands before the cursor: behind it is not yet meant.
        var typed = line[start..position].TrimStart();
        var word = typed[(typed.LastIndexOf(' ') + 1)..];
        var items = root.Parse(typed).GetCompletions(typed.Length)
            .Select(item => (Text: item.InsertText ?? item.Label, Item: item))
            .Where(candidate => candidate.Text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .ToList();
        // Options are offered to who begins one, and where nothing else fits.
        var names = items.Where(candidate => candidate.Text[0] is not ('-' or '/')).ToList();
        foreach (var (text, item) in names.Count > 0 ? names : items.Where(candidate => candidate.Text.StartsWith("--", StringComparison.Ordinal)))
        {
            var meaning = item.Documentation ?? item.Detail ?? "";
            screen.Verbatim(meaning.Length > 0 ? $"{text}\t{FirstLine(meaning)}\n" : text + "\n");
        }
        return Task.FromResult(ExitCodes.Completed);
    }

    private static string FirstLine(string text) => Layout.Cut(text, 100);
}
