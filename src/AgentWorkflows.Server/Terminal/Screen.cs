using System.Text.Json;
using AgentWorkflows.AspNetCore;
using AgentWorkflows.Server.Hosting;
using Spectre.Console;

namespace AgentWorkflows.Server.Terminal;

/// <summary>The terminal, or what stands for it: where commands write, and whether a person sits there.</summary>
internal sealed class Screen
{
    private const int MaxWidth = 110;

    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly TextReader _input;

    /// <param name="width">Columns; 40 to 110 are used.</param>
    public Screen(TextWriter output, TextWriter error, TextReader input, bool interactive, bool colours, int width)
    {
        _output = output;
        _error = error;
        _input = input;
        Interactive = interactive;
        Width = Math.Clamp(width, 40, MaxWidth);
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = colours ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        Console.Profile.Width = Width;
        Console.Profile.Capabilities.Unicode = true;
    }

    public IAnsiConsole Console { get; }

    /// <summary>How the program is called, for commands that are suggested.</summary>
    public string Program { get; init; } = "agentworkflows";

    /// <summary>True when there is a person to ask.</summary>
    public bool Interactive { get; }

    public int Width { get; }

    public static Screen OfProcess()
    {
        var toTerminal = !System.Console.IsOutputRedirected;
        try
        {
            System.Console.OutputEncoding = System.Text.Encoding.UTF8;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nobody reads it; what is written is told then.
        }
        return new Screen(
            new OutputWriter(System.Console.Out), System.Console.Error, System.Console.In, toTerminal && !System.Console.IsInputRedirected,
            toTerminal && Environment.GetEnvironmentVariable("NO_COLOR") is not { Length: > 0 }, toTerminal ? TerminalWidth() : 80)
        {
            Program = ProgramName.OfProcess(),
        };
    }

    public void Line(string text = "", Style? style = null)
    {
        foreach (var line in Layout.Wrap(text, Width))
        {
            Raw(line, style);
            EndLine();
        }
    }

    /// <summary>A label and its text, indented; further lines stand below the first.</summary>
    public void Field(string label, string text, Style? style = null, int labelWidth = 10, int indent = 0)
    {
        var lines = Layout.Wrap(text, Math.Max(20, Width - indent - labelWidth));
        for (var i = 0; i < lines.Count; i++)
        {
            Raw(new string(' ', indent) + (i == 0 ? label : "").PadRight(labelWidth), Styles.Dim);
            Raw(lines[i], style);
            EndLine();
        }
    }

    /// <summary>A term and what it means. A term that is too long for its column stands on a line of its own.</summary>
    public void Row(string term, string text, int termWidth, int indent)
    {
        var margin = new string(' ', indent);
        var lines = Layout.Wrap(text, Math.Max(20, Width - indent - termWidth));
        if (term.Length > termWidth - 1)
        {
            Raw(margin + term, Styles.Strong);
            EndLine();
            term = "";
        }
        for (var i = 0; i < lines.Count; i++)
        {
            Raw(margin + (i == 0 ? term : "").PadRight(termWidth), Styles.Strong);
            Raw(lines[i]);
            EndLine();
        }
    }

    public void Raw(string text, Style? style = null) => Console.Write(Layout.Clean(text), style ?? Style.Plain);

    public void EndLine() => Console.WriteLine();

    /// <summary>One line that the next one replaces; empty to take it away. Only a person sees it.</summary>
    public void Progress(string text)
    {
        if (Interactive)
        {
            _error.Write($"\r{Layout.Cut(text, Width - 1).PadRight(Width - 1)}\r{Layout.Cut(text, Width - 1)}");
        }
    }

    /// <summary>With <c>--json</c> also what went wrong is one JSON object a line, on standard error.</summary>
    public bool JsonErrors { get; set; }

    public void Error(string message)
    {
        var clean = Layout.Clean(message);
        try
        {
            _error.WriteLine(JsonErrors ? JsonSerializer.Serialize(new { error = clean.Trim() }, ApiJson.Options) : clean);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Standard error is closed or full: the exit code is all that is left.
        }
    }

    /// <summary>For what is written as a stream, such as CSV.</summary>
    public TextWriter Output => _output;

    /// <summary>As it is, for other programs.</summary>
    public void Verbatim(string text) => _output.Write(text);

    /// <summary>One JSON object on one line of its own.</summary>
    public void Json(object value) => _output.WriteLine(JsonSerializer.Serialize(value, ApiJson.Options));

    /// <returns><c>null</c> at the end of input.</returns>
    public Task<string?> ReadLineAsync(CancellationToken cancellationToken) =>
        // Console.In reads synchronously whatever it is asked; a thread of the pool waits so that Ctrl+C gets through.
        Task.Run(_input.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);

    private static int TerminalWidth()
    {
        const int unknown = 80;
        try
        {
            // A terminal that was never told its size says 0.
            return System.Console.WindowWidth is > 0 and var width ? width : unknown;
        }
        catch (IOException)
        {
            return unknown;
        }
    }
}
