using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Server.Terminal;

namespace AgentWorkflows.Server.Cli;

/// <summary>The commands of <c>agentworkflows</c>.</summary>
internal sealed class CommandLine(Screen screen, TimeProvider time)
{
    /// <summary>After Ctrl+C: longer than a drain may take, so that the drain decides.</summary>
    private static readonly TimeSpan TerminationTimeout = TimeSpan.FromSeconds(40);

    private readonly CommonOptions _common = new();
    private readonly FollowOptions _follow = new();

    public async Task<int> RunAsync(string[] arguments)
    {
        var result = Root().Parse(arguments);
        if (result.Action is ParseErrorAction)
        {
            foreach (var error in result.Errors)
            {
                screen.Error(error.Message);
            }
            screen.Error($"Help: {string.Join(' ', Path(result.CommandResult))} --help");
            return ExitCodes.Usage;
        }
        return await result.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TerminationTimeout,
        });
    }

    private Command Root()
    {
        // Not RootCommand, which is named after the assembly.
        var root = new Command("agentworkflows", "Durable sessions of AI agents: plans, approvals, costs, compensations. Without a command it serves the API.") { new HelpOption(), new VersionOption() };
        var serve = new ServeCommand(screen, time, _common);
        root.Options.Add(_common.Data);
        serve.AddOptions(root);
        root.SetAction((result, token) => GuardAsync(() => serve.RunAsync(result, token)));
        Add(root, serve.Create(), serve.RunAsync);
        var run = new RunCommand(screen, time, _common, _follow);
        Add(root, run.Create(), run.RunAsync);
        var read = new ReadCommands(screen, time, _common);
        Add(root, read.CreateSessions(), read.SessionsAsync);
        Add(root, read.CreateShow(), read.ShowAsync);
        Add(root, read.CreateLedger(), read.LedgerAsync);
        Add(root, read.CreateApprovals(), read.ApprovalsAsync);
        var approve = new ApproveCommand(screen, time, _common);
        Add(root, approve.Create(), approve.RunAsync);
        var rollback = new RollbackCommand(screen, time, _common);
        Add(root, rollback.Create(), rollback.RunAsync);
        var lifecycle = new LifecycleCommands(screen, time, _common, _follow);
        Add(root, lifecycle.CreateSuspend(), lifecycle.SuspendAsync);
        Add(root, lifecycle.CreateResume(), lifecycle.ResumeAsync);
        Add(root, lifecycle.CreateTerminate(), lifecycle.TerminateAsync);
        var fork = new ForkCommand(screen, time, _common, _follow);
        Add(root, fork.Create(), fork.RunAsync);
        return root;
    }

    private void Add(Command root, Command command, Func<ParseResult, CancellationToken, Task<int>> run)
    {
        command.SetAction((result, token) =>
        {
            screen.JsonErrors = command.Options.Contains(_common.Json) && result.GetValue(_common.Json);
            return GuardAsync(() => run(result, token));
        });
        root.Subcommands.Add(command);
    }

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
            screen.Error(exception.Message);
            screen.Error($"If that is a server, use it: add --url {ServerOptions.DefaultUrl}.");
            return ExitCodes.Failed;
        }
        catch (StartupException exception)
        {
            foreach (var line in exception.Message.ReplaceLineEndings("\n").Split('\n'))
            {
                screen.Error(line);
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
            screen.Error($"Unexpected error; please report it.\n{exception}");
            return ExitCodes.Failed;
        }
    }
}
