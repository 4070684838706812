using System.Text.Json;
using AgentWorkflows.Agents.Sources;
using AgentWorkflows.Hosting;
using AgentWorkflows.Server.Tests.Sessions;
using AgentWorkflows.Sessions;
using AgentWorkflows.TestSupport;
using AgentWorkflows.Words;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sources;

/// <summary>A session that changes files through a real MCP server.</summary>
public sealed class FileServerTests : IAsyncLifetime
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mcp-files-");
    private SessionWorld _world = null!;

    private string Note => Path.Combine(Files, "note.txt");

    private string TakenBack => Path.Combine(Files, "taken-back.txt");

    private string Files => Path.Combine(_root.FullName, "files");

    private string Agents => Path.Combine(_root.FullName, "agents");

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Files);
        Directory.CreateDirectory(Path.Combine(Agents, "notes"));
        File.Copy(Path.Combine(Repository.Root, "agents", "prices.yaml"), Path.Combine(Agents, "prices.yaml"));
        await File.WriteAllTextAsync(Path.Combine(Agents, "notes", "agent.yaml"), $$$"""
            name: notes
            version: "1"
            instructions: Keep notes in files.
            permissions: [{effect: allow}]
            models: {plan: {deployment: offline-playbook}}
            mcp: {files: {command: node, args: ["{{{McpServers.Program("filesystem")}}}", "{{{Files}}}"], timeout: 60s}}
            tools:
              files_write_file:
                tier: write_risky
                resource: path
                compensation: {tool: files_move_file, arguments: {source: $arguments.path, destination: "{{{TakenBack}}}"}, instructions: Delete the file.}
              files_move_file: {tier: write_risky, offered: false}
            """);
        await File.WriteAllTextAsync(Path.Combine(Agents, "notes", "playbook.yaml"), $$"""
            otherwise: I have no script for that.
            entries:
              - name: note
                goal: '^write (?<text>.*)$'
                turns:
                  - reason: Write the note.
                    steps:
                      - id: note
                        tool: files_write_file
                        arguments: {path: "{{Note}}", content: "{goal.text}"}
                        undo: Move it away.
                answer: 'Written.'
            """);
        _world = await SessionWorld.StartAsync(agents: Agents);
    }

    public async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        _root.Delete(recursive: true);
    }

    [McpFact]
    public async Task AFile_IsWrittenAfterAnApproval_AndTakenBackByARollback()
    {
        await PinAsync();
        var session = await StartAsync();
        var approval = await _world.NextApprovalAsync();
        Assert.False(File.Exists(Note));

        await _world.DecideAsync(approval, DecisionKind.Approve);
        var end = await _world.EndOfAsync(session);
        Assert.Equal(SessionStatus.Completed, end.Status);
        Assert.Equal("hello", await File.ReadAllTextAsync(Note));

        var rollback = Assert.IsType<RollbackOutcome.Started>(await _world.Rollbacks.RollbackAsync(session, "not wanted", CancellationToken.None));
        await _world.Rollbacks.WaitForEndAsync(rollback, session, CancellationToken.None);
        Assert.False(File.Exists(Note));
        Assert.Equal("hello", await File.ReadAllTextAsync(TakenBack));
    }

    [McpFact]
    public async Task WhatNobodyReviewed_IsNotStarted()
    {
        var outcome = Assert.IsType<StartSessionOutcome.Invalid>(await TryStartAsync());

        var problem = Assert.Single(outcome.Problems);
        Assert.Equal("agent_not_available", problem.Code);
        Assert.Contains("Run 'tools pin notes'", problem.Message, StringComparison.Ordinal);
    }

    private async Task PinAsync()
    {
        var pinned = Assert.Single(_world.Services.GetRequiredService<ToolInventory>().Pin("notes"));
        await File.WriteAllTextAsync(Path.Combine(Agents, "notes", ToolLock.FileName), pinned.Text);
        await _world.RestartAsync();
    }

    private async Task<string> StartAsync() => Assert.IsType<StartSessionOutcome.Started>(await TryStartAsync()).SessionId;

    private Task<StartSessionOutcome> TryStartAsync() => _world.Sessions.StartAsync(
        new StartSessionRequest
        {
            Agent = "notes",
            Goal = "write hello",
            Context = JsonSerializer.SerializeToElement(new { project_id = "demo", user_id = "u-1", budget_limit = 1.0, task_priority = "normal" }),
        },
        CancellationToken.None);
}
