using AgentWorkflows.AspNetCore;
using AgentWorkflows.Hosting;
using AgentWorkflows.Models;
using AgentWorkflows.Server.Cli;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Server.Terminal;
using AgentWorkflows.Server.Tests.Cli;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OrderDesk;

namespace AgentWorkflows.Server.Tests.Evals;

/// <summary>The sample's program with cases and a model of the test's.</summary>
internal sealed class EvalShell : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentworkflows-");

    public EvalShell(string? cases = null)
    {
        foreach (var file in Directory.EnumerateFiles(Shell.Agents, "*.yaml", SearchOption.AllDirectories).Where(file => cases is null || Path.GetFileName(Path.GetDirectoryName(file)) != "evals"))
        {
            var copy = new FileInfo(Path.Combine(Agents, Path.GetRelativePath(Shell.Agents, file)));
            copy.Directory!.Create();
            File.Copy(file, copy.FullName);
        }
        if (cases is not null)
        {
            Write("cases.yaml", cases);
        }
    }

    public string Agents => Path.Combine(_folder.FullName, "agents");

    public string Data => Path.Combine(_folder.FullName, "data");

    public IChatModelCatalog? Models { get; init; }

    public Action<IAgentWorkflowsBuilder> Configure { get; init; } = _ => { };

    public string FileOf(string name) => Path.Combine(_folder.FullName, name);

    public void Write(string name, string cases)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Agents, "order-desk", "evals"));
        File.WriteAllText(Path.Combine(folder.FullName, name), cases);
    }

    public async Task<Ran> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var screen = new Screen(output, error, TextReader.Null, interactive: false, colours: false, 80);
        var code = await new CommandLine(screen, TimeProvider.System, new EmbeddedProgram(Build)).RunAsync(
            arguments is ["eval", "record", ..] or ["sessions", ..] ? [.. arguments, "--data", Data] : [.. arguments, "--agents", Agents, "--data", Data]);
        return new Ran(code, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var added = builder.Services.AddAgentWorkflows(builder.Configuration).UseEmbeddedEngine().AddAgents("agents").AddOrderDesk();
        Configure(added);
        if (Models is { } models)
        {
            builder.Services.Replace(ServiceDescriptor.Singleton(models));
        }
        var app = builder.Build();
        app.MapAgentWorkflows();
        return app;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
