using AgentWorkflows.Approvals.Links;
using AgentWorkflows.Azure.Tests;
using AgentWorkflows.Functions.Hosting;

namespace AgentWorkflows.Functions.Tests.Hosting;

/// <summary>Settings of a host on the storage emulator, with the sample agent it is shipped with.</summary>
internal static class HostedSettings
{
    /// <param name="tablePrefix">Of this test's own tables.</param>
    public static async Task<HostSettings> GetAsync(string tablePrefix) => new()
    {
        StorageConnection = (await Azurite.GetAsync()).ConnectionString,
        TablePrefix = tablePrefix,
        AgentsDirectory = Agents(),
        ApprovalKeys = ApprovalKeyRing.Parse("k:" + Convert.ToBase64String(new byte[32])).Ring!,
    };

    /// <summary>Beside the program of the tests lie the agents of both hosts; this one has tools for one of them.</summary>
    private static string Agents()
    {
        var source = Path.Combine(AppContext.BaseDirectory, "agents");
        var agents = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "agents-of-this-host"));
        agents.CreateSubdirectory("note-desk");
        foreach (var file in new[] { "prices.yaml", "note-desk/agent.yaml", "note-desk/playbook.yaml" })
        {
            File.Copy(Path.Combine(source, file), Path.Combine(agents.FullName, file), overwrite: true);
        }
        return agents.FullName;
    }
}
