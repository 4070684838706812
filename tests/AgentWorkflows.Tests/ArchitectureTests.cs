using System.Xml.Linq;
using AgentWorkflows.TestSupport;
using Xunit;

namespace AgentWorkflows.Tests;

/// <summary>Holds the arrows of docs/architecture.md: which project may reference which.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["AgentWorkflows.Durability"] = [],
        ["AgentWorkflows"] = ["AgentWorkflows.Durability"],
        ["AgentWorkflows.Engine"] = ["AgentWorkflows.Durability"],
        ["AgentWorkflows.Connectors"] = ["AgentWorkflows"],
        ["AgentWorkflows.AspNetCore"] = ["AgentWorkflows"],
        ["AgentWorkflows.Sqlite"] = ["AgentWorkflows"],
        ["AgentWorkflows.Azure"] = ["AgentWorkflows"],
        ["AgentWorkflows.Testing"] = ["AgentWorkflows"],
        ["AgentWorkflows.Server"] = ["AgentWorkflows", "AgentWorkflows.Engine", "AgentWorkflows.Connectors", "AgentWorkflows.AspNetCore", "AgentWorkflows.Sqlite"],
        ["AgentWorkflows.Tool"] = ["AgentWorkflows.Server"],
        ["AgentWorkflows.Functions"] = ["AgentWorkflows", "AgentWorkflows.Connectors", "AgentWorkflows.AspNetCore", "AgentWorkflows.Azure"],
    };

    private static readonly string[] ForbiddenFolders = ["Common", "Utils", "Helpers", "Interfaces"];

    public static TheoryData<string> Projects() => [.. SourceProjects().Select(Path.GetFileNameWithoutExtension).Select(name => name!)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_the_architecture_allows(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out var allowed), $"{project} is not in the architecture. Add it to docs/architecture.md and to this test.");
        var file = SourceProjects().Single(path => Path.GetFileNameWithoutExtension(path) == project);
        var references = XDocument.Load(file).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.Empty(references.Except(allowed!));
    }

    /// <summary>What comes from outside is bounded while it is read: an endpoint that never ends would take the memory of the process.</summary>
    [Fact]
    public void Every_http_client_bounds_what_it_reads()
    {
        var clients = SourceProjects()
            .SelectMany(project => Directory.EnumerateFiles(Path.GetDirectoryName(project)!, "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Intersect(["bin", "obj"]).Any())
            .Select(file => (File: Path.GetFileName(file), Code: File.ReadAllText(file)))
            .Where(source => source.Code.Contains("new HttpClient(", StringComparison.Ordinal) || source.Code.Contains("new HttpClient ", StringComparison.Ordinal)
                || source.Code.Contains("HttpClient _http = new(", StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(clients);
        Assert.Empty(clients.Where(client => !client.Code.Contains("MaxResponseContentBufferSize", StringComparison.Ordinal)).Select(client => client.File));
    }

    [Fact]
    public void Folders_are_named_after_features()
    {
        var folders = SourceProjects().SelectMany(project => Directory.EnumerateDirectories(Path.GetDirectoryName(project)!, "*", SearchOption.AllDirectories))
            .Where(folder => !folder.Split(Path.DirectorySeparatorChar).Intersect(["bin", "obj"]).Any());
        Assert.DoesNotContain(folders, folder => ForbiddenFolders.Contains(Path.GetFileName(folder)));
    }

    private static IEnumerable<string> SourceProjects() =>
        // One folder deep: the Functions SDK generates a project of its own among what is built.
        Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj"));
}
