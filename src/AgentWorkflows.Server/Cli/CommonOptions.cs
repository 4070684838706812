using System.CommandLine;
using AgentWorkflows.Server.Hosting;

namespace AgentWorkflows.Server.Cli;

/// <summary>Options that several commands take, with one meaning everywhere.</summary>
internal sealed class CommonOptions(EmbeddedProgram program, string name)
{
    public Option<string> Data { get; } = new("--data")
    {
        Description = "Folder with sessions, ledger and history; created when missing.",
        DefaultValueFactory = _ => program.DefaultData,
        HelpName = "DIR",
        Recursive = true,
        Validators =
        {
            result =>
            {
                if (result.Tokens is [var folder] && string.IsNullOrWhiteSpace(folder.Value))
                {
                    result.AddError("--data is empty. Give a folder such as .data.");
                }
            },
        },
    };

    public Option<string?> Agents { get; } = new("--agents") { Description = "Folder with agent definitions. Default: agents here, else the ones shipped.", HelpName = "DIR" };

    public Option<bool> Json { get; } = new("--json") { Description = "Write JSON, one object per line." };

    public Option<Uri?> Url { get; } = new("--url")
    {
        Description = $"Ask a running server instead of the data folder; its key is read from {RemoteData.KeyVariable}.",
        HelpName = "URL",
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value.TrimEnd('/') + "/", UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            {
                return url;
            }
            result.AddError($"--url must be an address such as {ServerOptions.DefaultUrl}.");
            return null;
        },
    };

    public ServerOptions Read(ParseResult result) => new() { DataDirectory = result.GetValue(Data)!, AgentsDirectory = result.GetValue(Agents) };

    /// <summary>For commands that act on what is there: a folder without data is a mistake, not a place to start one.</summary>
    public ServerOptions ReadExisting(ParseResult result)
    {
        var options = Read(result);
        program.Stores(options, name);
        return options;
    }

    /// <summary>The same server or folder again, for a command that is suggested.</summary>
    public string WhereHint(ParseResult result) => result.GetValue(Url) is { } url ? $" --url {url.AbsoluteUri.TrimEnd('/')}" : DataHint(result);

    /// <summary>What a further command needs so that it works on the same data.</summary>
    public string DataHint(ParseResult result) => result.GetValue(Data) is { } data && data != program.DefaultData ? $" --data {data}" : "";

    public IWorkflowData OpenData(ParseResult result) =>
        result.GetValue(Url) is { } url
            ? new RemoteData(url, Environment.GetEnvironmentVariable(RemoteData.KeyVariable))
            : new LocalData(program.Stores(Read(result) with { LogLevel = LogLevel.Warning }, name), name);
}
