using Xunit;

namespace AgentWorkflows.TestSupport;

/// <summary>MCP servers for tests: those of tools/package.json, which <c>.ci/tools</c> installs, and one that misbehaves.</summary>
public static class McpServers
{
    private static string Tools => Path.Combine(Repository.Root, "tools");

    /// <summary>Why the tests that need them cannot run; <c>null</c> when they can.</summary>
    public static string? Missing => !OnPath("node") ? "There is no node on the path: run .ci/tools."
        : !Directory.Exists(Path.Combine(Tools, "node_modules", "@modelcontextprotocol", "server-everything")) ? "The MCP servers are not installed: run .ci/tools." : null;

    /// <summary>Of <c>everything</c>, <c>filesystem</c> and <c>memory</c>.</summary>
    public static string Program(string server) => Path.Combine(Tools, "node_modules", "@modelcontextprotocol", $"server-{server}", "dist", "index.js");

    public static string HostileProgram => Path.Combine(Tools, "hostile-mcp.cjs");

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}

/// <summary>A test with a real MCP server; skipped, with the reason, where it cannot run.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class McpFactAttribute : FactAttribute
{
    public McpFactAttribute()
    {
        Timeout = 120_000;
        Skip = McpServers.Missing;
    }
}
