using System.Diagnostics;
using System.Globalization;

namespace AgentWorkflows.Connectors.Mcp;

/// <summary>
/// A server that is a program: started with an environment of its own, and ended with this object, with all it started. On Linux and macOS it is ended too when this process dies, however that happens:
/// a shell beside it looks every second whether the host is there still. Elsewhere a server has to end when its input does, as the protocol asks.
/// </summary>
internal sealed class ServerProcess : IDisposable
{
    private const int MaxErrorLines = 20;
    private const int MaxErrorLength = 500;

    /// <summary>The server gets the standard streams; what guards it has none, so that their end is the server's.</summary>
    private const string Guard = """
        host=$PPID
        exec 3<&0
        if command -v setsid >/dev/null 2>&1; then setsid "$@" <&3 3<&- & else "$@" <&3 3<&- & fi
        server=$!
        exec 3<&- </dev/null >/dev/null 2>/dev/null
        while kill -0 "$host" && kill -0 "$server"; do sleep 1; done
        kill -9 -- "-$server" || kill -9 "$server"
        """;

    private static readonly string[] Inherited = OperatingSystem.IsWindows()
        ? ["PATH", "HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TEMP", "TMP", "SystemRoot", "SystemDrive", "PATHEXT", "ComSpec"]
        : ["PATH", "HOME"];

    private readonly Process _process;
    private readonly Queue<string> _errors = new();

    private ServerProcess(Process process)
    {
        _process = process;
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginErrorReadLine();
    }

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>What it said last on its standard error, for people.</summary>
    public string LastWords
    {
        get
        {
            lock (_errors)
            {
                return string.Join(' ', _errors);
            }
        }
    }

    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program.</exception>
    public static ServerProcess Start(string command, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var guarded = !OperatingSystem.IsWindows();
        if (guarded && Find(command) is null)
        {
            throw new System.ComponentModel.Win32Exception(2, $"There is no program '{command}'.");
        }
        var start = new ProcessStartInfo
        {
            FileName = guarded ? "/bin/sh" : command,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (var argument in guarded ? ["-c", Guard, "agentworkflows-mcp", command, .. arguments] : arguments)
        {
            start.ArgumentList.Add(argument);
        }
        var own = Inherited.Select(name => (name, Environment.GetEnvironmentVariable(name))).ToList();
        start.Environment.Clear();
        foreach (var (name, value) in own)
        {
            start.Environment[name] = value;
        }
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        return new ServerProcess(Process.Start(start) ?? throw new InvalidOperationException($"'{command}' was not started."));
    }

    public void Dispose()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has ended already.
        }
        _process.Dispose();
    }

    private static string? Find(string command) => command.Contains('/')
        ? File.Exists(command) ? command : null
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, command)).FirstOrDefault(File.Exists);

    private void Keep(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }
        lock (_errors)
        {
            _errors.Enqueue(line.Length <= MaxErrorLength ? line : string.Create(CultureInfo.InvariantCulture, $"{line.AsSpan(0, MaxErrorLength)}…"));
            if (_errors.Count > MaxErrorLines)
            {
                _errors.Dequeue();
            }
        }
    }
}
