using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using AgentWorkflows.Server.Cli.Completion;
using AgentWorkflows.Server.Cli.Help;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Server.Terminal;

namespace AgentWorkflows.Server.Cli;

/// <summary>The commands of <c>agentworkflows</c>.</summary>
internal sealed class CommandLine
{
    /// <summary>After Ctrl+C: longer than a drain may take, so that the drain decides.</summary>
    private static readonly TimeSpan TerminationTimeout = TimeSpan.FromSeconds(40);

    private readonly Screen _screen;
    private readonly TimeProvider _time;
    private readonly EmbeddedProgram _program;
    private readonly CommonOptions _common;
    private readonly FollowOptions _follow = new();
    private readonly KnownIds _known;

    public CommandLine(Screen screen, TimeProvider time, EmbeddedProgram program)
    {
        _screen = screen;
        _time = time;
        _program = program;
        _common = new CommonOptions(program, screen.Program);
        _known = new KnownIds(_common, program);
    }

    /// <summary>Runs the command, and disposes the program.</summary>
    public async Task<int> RunAsync(string[] arguments)
    {
        await using var program = _program;
        _screen.JsonErrors = arguments.Contains("--json", StringComparer.Ordinal);
        var result = Root().Parse(arguments);
        if (result.Action is ParseErrorAction)
        {
            foreach (var error in result.Errors)
            {
                _screen.Error(string.Join(' ', error.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)));
            }
            if (Meant(result) is { } meant)
            {
                _screen.Error($"Did you mean: {Path(result.CommandResult).First()} {meant}");
            }
            _screen.Error($"Help: {string.Join(' ', Path(result.CommandResult))} --help");
            return ExitCodes.Usage;
        }
        // Guarded here too: help, too, may find that nobody reads it.
        return await GuardAsync(() => result.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TerminationTimeout,
        }));
    }

    private Command Root()
    {
        // Not RootCommand, which is named after the assembly.
        var root = new Command(_screen.Program.Contains(' ', StringComparison.Ordinal) ? "agentworkflows" : _screen.Program, "Durable sessions of AI agents: plans, approvals, costs, compensations. Without a command it serves the API.")
        {
            new HelpOption { Action = new HelpWriter(_screen) },
            new VersionOption { Action = new VersionWriter(_screen) },
        };
        var serve = new ServeCommand(_screen, _time, _common, _program);
        root.Options.Add(_common.Data);
        serve.AddOptions(root);
        root.SetAction((result, token) => GuardAsync(() => serve.RunAsync(result, token)));
        Add(root, serve.Create(), serve.RunAsync);
        var run = new RunCommand(_screen, _time, _common, _follow, _program);
        Add(root, run.Create(), run.RunAsync);
        var read = new ReadCommands(_screen, _time, _common);
        Add(root, read.CreateSessions(), read.SessionsAsync);
        Add(root, read.CreateShow(), read.ShowAsync);
        Add(root, read.CreateLedger(), read.LedgerAsync);
        Add(root, read.CreateApprovals(), read.ApprovalsAsync);
        var report = new ReportCommand(_screen, _time, _common);
        Add(root, report.Create(), report.RunAsync);
        var approve = new ApproveCommand(_screen, _common);
        Add(root, approve.Create(), approve.RunAsync);
        var rollback = new RollbackCommand(_screen, _time, _common, _program);
        Add(root, rollback.Create(), rollback.RunAsync);
        var lifecycle = new LifecycleCommands(_screen, _time, _common, _follow, _program);
        Add(root, lifecycle.CreateSuspend(), lifecycle.SuspendAsync);
        Add(root, lifecycle.CreateResume(), lifecycle.ResumeAsync);
        Add(root, lifecycle.CreateTerminate(), lifecycle.TerminateAsync);
        var fork = new ForkCommand(_screen, _time, _common, _follow, _program);
        Add(root, fork.Create(), fork.RunAsync);
        var validate = new ValidateCommand(_screen, _time, _common, _program);
        Add(root, validate.Create(), (result, _) => Task.FromResult(validate.Run(result)));
        var tools = new ToolsCommand(_screen, _common, _program);
        Add(root, tools.Create(), tools.RunAsync);
        var check = new CheckCommand(_screen, _common, _program);
        Add(root, check.Create(), check.RunAsync);
        var replay = new ReplayCommand(_screen, _common, _program);
        Add(root, replay.Create(), replay.RunAsync);
        var eval = new EvalCommand(_screen, _time, _common, _program);
        var evals = eval.Create();
        Add(root, evals, eval.RunAsync);
        var record = new EvalRecordCommand(_screen, _common, _program);
        Add(evals, record.Create(), record.RunAsync);
        var schema = new SchemaCommand(_screen);
        Add(root, schema.Create(), (result, _) => Task.FromResult(schema.Run(result)));
        var checkStore = new CheckStoreCommand(_screen, _common);
        Add(root, checkStore.Create(), (result, _) => Task.FromResult(checkStore.Run(result)));
        var completion = new CompletionCommand(_screen);
        Add(root, completion.Create(), (result, _) => completion.WriteScriptAsync(result));
        Add(root, completion.CreateComplete(), (result, _) => completion.CompleteAsync(result, root));
        return root;
    }

    private void Add(Command root, Command command, Func<ParseResult, CancellationToken, Task<int>> run)
    {
        command.SetAction((result, token) => GuardAsync(() => run(result, token)));
        foreach (var id in command.Arguments.Where(argument => argument.Name == "id" && argument.CompletionSources.Count == 0))
        {
            if (command.Name == "approve")
            {
                _known.CompleteApprovals(id);
            }
            else
            {
                _known.CompleteSessions(id);
            }
        }
        root.Subcommands.Add(command);
    }

    /// <summary>The command that begins like what was typed instead of one.</summary>
    private static string? Meant(ParseResult result) => result.CommandResult.Command.Subcommands.Count > 0 && result.UnmatchedTokens is [{ Length: > 2 } typed, ..]
        ? result.CommandResult.Command.Subcommands.Where(command => !command.Hidden).Select(command => command.Name)
            .FirstOrDefault(name => name.StartsWith(typed[..3], StringComparison.OrdinalIgnoreCase))
        : null;

    private static IEnumerable<string> Path(CommandResult command) =>
        command.Parent is CommandResult parent ? Path(parent).Append(command.Command.Name) : [command.Command.Name];

    private async Task<int> GuardAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (DataFolderInUseException exception)
        {
            _screen.Error(exception.Message);
            _screen.Error($"If that is a server, use it: add --url {ServerOptions.DefaultUrl}.");
            return ExitCodes.Failed;
        }
        catch (Exception exception) when ((StartupException.OfSetup(exception)?.Message ?? EnvironmentFault.Tell(exception)) is { } told)
        {
            foreach (var line in told.ReplaceLineEndings("\n").Split('\n'))
            {
                _screen.Error(line);
            }
            return ExitCodes.Failed;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
#pragma warning disable CA1031 // The end of the program: what got here is a bug, and whoever reports it needs all of it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _screen.Error($"Unexpected error; please report it.\n{exception}");
            return ExitCodes.Failed;
        }
    }
}
