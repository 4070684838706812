using AgentWorkflows.Agents;
using AgentWorkflows.Models;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Sources;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentWorkflows.Hosting;

/// <summary>
/// The agents of a host's folders; each folder's have the prices of that folder. Read once, but those with tools of sources are read again whenever a source was asked: they come
/// alive when all of theirs are there, and are held when one of their tools is not what it was. Thread-safe.
/// </summary>
internal sealed class HostAgents : IAgentCatalog, IDisposable
{
    private readonly IReadOnlyList<string> _folders;
    private readonly IToolCatalog _tools;
    private readonly ToolSources _sources;
    private readonly TimeProvider _time;
    private readonly Func<string, string?>? _endpointProblem;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private volatile IReadOnlyList<ReadFolder> _read;

    /// <exception cref="AgentsInvalidException">Has every problem of every folder.</exception>
    public HostAgents(AgentFolders folders, HostToolSources sources, IToolCatalog tools, TimeProvider time, IChatModelCatalog? models, ILoggerFactory? logs = null)
    {
        (_folders, _tools, _sources, _time, _logger) = (folders.Paths, tools, sources.Sources, time, (logs ?? NullLoggerFactory.Instance).CreateLogger<HostAgents>());
        _endpointProblem = models is null ? null : models.ProblemOf;
        var problems = sources.Clashes.Select(clash => clash.ToString()).ToList();
        _read = Load(problems);
        if (problems.Count > 0)
        {
            throw new AgentsInvalidException(problems);
        }
        _sources.Changed += ReadAgain;
    }

    public IReadOnlyCollection<AgentDefinition> Agents => [.. _read.SelectMany(folder => folder.Agents.Agents)];

    public IReadOnlyCollection<HeldAgent> Held => [.. _read.SelectMany(folder => folder.Held)];

    public AgentDefinition? Find(string name) => _read.Select(folder => folder.Agents.Find(name)).FirstOrDefault(agent => agent is not null);

    public async Task<AgentDefinition?> FindAsync(string name, CancellationToken cancellationToken)
    {
        foreach (var source in Held.FirstOrDefault(held => held.Name == name)?.Sources ?? [])
        {
            await _sources.ConnectAsync(source, cancellationToken);
        }
        return Find(name);
    }

    public void Dispose() => _sources.Changed -= ReadAgain;

    private List<ReadFolder> Load(List<string> problems)
    {
        var read = new List<ReadFolder>();
        foreach (var folder in _folders)
        {
            switch (AgentFolder.Load(folder, _tools, _time, _endpointProblem))
            {
                case AgentLoadResult.Loaded loaded:
                    problems.AddRange(loaded.Agents.Where(agent => read.Any(other => other.Agents.Find(agent.Name) is not null))
                        .Select(agent => $"{folder}: there is an agent '{agent.Name}' in another folder already."));
                    read.Add(new ReadFolder(folder, new AgentCatalog(loaded.Agents, loaded.Prices, _time), loaded.Held));
                    break;
                case AgentLoadResult.Invalid invalid:
                    problems.AddRange(invalid.Problems.Select(problem => problem.ToString()));
                    break;
                case var other:
                    throw new InvalidOperationException($"Unknown load result {other.GetType().Name}.");
            }
        }
        return read;
    }

    private void ReadAgain(object? sender, EventArgs e)
    {
        lock (_lock)
        {
            var before = Held;
            _read = [.. _read.Select(ReadAgain)];
            Tell(before);
        }
    }

    /// <summary>Agents that need no source stay as they were read, whatever their files say by now.</summary>
    private ReadFolder ReadAgain(ReadFolder folder)
    {
        var reading = AgentFolder.Read(folder.Path, _tools, _time, _endpointProblem);
        var moved = reading.Agents.Where(agent => agent.UsesSources && (folder.Agents.Find(agent.Name) is not null || folder.Held.Any(held => held.Name == agent.Name))).ToList();
        if (moved.Count == 0)
        {
            return folder;
        }
        var stays = folder.Agents.Agents.Where(agent => moved.All(other => other.Name != agent.Name));
        var started = moved.Where(agent => HeldOf(agent) is null).Select(agent => agent.Definition!);
        return folder with { Agents = folder.Agents.With([.. stays, .. started]), Held = [.. moved.Select(HeldOf).OfType<HeldAgent>()] };
    }

    private static HeldAgent? HeldOf(AgentReading agent) => agent.Held
        ?? (agent.Problems.Count > 0 || agent.Definition is null ? new HeldAgent(agent.Name, "invalid", string.Join(' ', agent.Problems.Select(problem => problem.ToString())), []) : null);

    private void Tell(IReadOnlyCollection<HeldAgent> before)
    {
        foreach (var held in Held.Where(held => before.All(other => other != held && (other.Name, other.Reason) != (held.Name, held.Reason))))
        {
            SourceLog.AgentHeld(_logger, held.Name, held.Reason);
        }
        foreach (var released in before.Where(held => Find(held.Name) is not null))
        {
            SourceLog.AgentReleased(_logger, released.Name);
        }
    }

    private sealed record ReadFolder(string Path, AgentCatalog Agents, IReadOnlyList<HeldAgent> Held);
}
