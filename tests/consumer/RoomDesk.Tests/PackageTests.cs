using System.IO.Compression;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using Xunit;

namespace RoomDesk.Tests;

/// <summary>What is in each package.</summary>
public sealed class PackageTests
{
    private static readonly string[] Expected =
    [
        "AgentWorkflows", "AgentWorkflows.AspNetCore", "AgentWorkflows.Azure", "AgentWorkflows.Connectors", "AgentWorkflows.Durability", "AgentWorkflows.Engine",
        "AgentWorkflows.Functions", "AgentWorkflows.Server", "AgentWorkflows.Sqlite", "AgentWorkflows.Templates", "AgentWorkflows.Testing", "AgentWorkflows.Tool",
    ];

    public static TheoryData<string> Names => [.. Expected];

    public static TheoryData<string> Libraries => [.. Expected.Where(name => name is not ("AgentWorkflows.Templates" or "AgentWorkflows.Tool"))];

    [Fact]
    public void Every_package_is_there_and_all_have_one_version()
    {
        var found = Directory.EnumerateFiles(Run.Packages, "*.nupkg").Select(file => Nuspec(file))
            .ToDictionary(nuspec => Value(nuspec, "id"), nuspec => Value(nuspec, "version"));

        Assert.Equal(Expected, found.Keys.Order(StringComparer.Ordinal));
        Assert.Single(found.Values.Distinct());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_package_says_what_it_is_under_which_licence_and_of_which_sources(string name)
    {
        using var package = ZipFile.OpenRead(FileOf(name));
        var nuspec = Nuspec(FileOf(name));

        Assert.Equal("MIT", Value(nuspec, "license"));
        Assert.False(string.IsNullOrWhiteSpace(Value(nuspec, "description")));
        Assert.NotEqual("Package Description", Value(nuspec, "description"));
        Assert.False(string.IsNullOrWhiteSpace(nuspec.Descendants().Single(element => element.Name.LocalName == "repository").Attribute("commit")?.Value));
        Assert.Contains(package.Entries, entry => entry.FullName == "LICENSE" && entry.Length > 0);
        var readme = package.GetEntry(Value(nuspec, "readme"));
        Assert.True(readme is { Length: > 0 });
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_library_has_its_assembly_documents_its_types_and_asks_for_exactly_its_own_version(string name)
    {
        using var package = ZipFile.OpenRead(FileOf(name));
        var files = package.Entries.Select(entry => entry.FullName).ToList();
        Assert.Contains($"lib/net10.0/{name}.dll", files);
        Assert.Contains($"lib/net10.0/{name}.xml", files);

        var version = Value(Nuspec(FileOf(name)), "version");
        var ours = Nuspec(FileOf(name)).Descendants().Where(element => element.Name.LocalName == "dependency")
            .Where(element => element.Attribute("id")!.Value.StartsWith("AgentWorkflows", StringComparison.Ordinal));
        Assert.All(ours, dependency => Assert.Equal($"[{version}]", dependency.Attribute("version")!.Value));

        var documented = XDocument.Load(package.GetEntry($"lib/net10.0/{name}.xml")!.Open()).Descendants("member").Select(member => member.Attribute("name")!.Value).ToHashSet();
        // What is public in that one is made by the platform's generators.
        var undocumented = name == "AgentWorkflows.Functions" ? [] : PublicTypes(package.GetEntry($"lib/net10.0/{name}.dll")!).Except(documented.Select(type => type[2..])).ToList();
        Assert.Equal([], undocumented);

        using var symbols = ZipFile.OpenRead(Path.ChangeExtension(FileOf(name), ".snupkg"));
        Assert.Contains(symbols.Entries, entry => entry.FullName == $"lib/net10.0/{name}.pdb");
    }

    private static string FileOf(string name) => Directory.EnumerateFiles(Run.Packages, "*.nupkg").Single(file => Value(Nuspec(file), "id") == name);

    /// <summary>As the documentation names them.</summary>
    private static List<string> PublicTypes(ZipArchiveEntry assembly)
    {
        using var content = new MemoryStream();
        using (var packed = assembly.Open())
        {
            packed.CopyTo(content);
        }
        content.Position = 0;
        using var file = new PEReader(content);
        var reader = file.GetMetadataReader();
        return [.. reader.TypeDefinitions.Select(reader.GetTypeDefinition).Where(type => IsPublic(reader, type)).Select(type => NameOf(reader, type))];
    }

    private static bool IsPublic(MetadataReader reader, TypeDefinition type) => (type.Attributes & TypeAttributes.VisibilityMask) switch
    {
        TypeAttributes.Public => true,
        // Extension blocks and the like have names that no program can write.
        TypeAttributes.NestedPublic => !reader.GetString(type.Name).Contains('<') && IsPublic(reader, reader.GetTypeDefinition(type.GetDeclaringType())),
        _ => false,
    };

    private static string NameOf(MetadataReader reader, TypeDefinition type) => type.IsNested
        ? $"{NameOf(reader, reader.GetTypeDefinition(type.GetDeclaringType()))}.{reader.GetString(type.Name)}"
        : $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";

    private static XDocument Nuspec(string file)
    {
        using var package = ZipFile.OpenRead(file);
        using var nuspec = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(nuspec);
    }

    private static string Value(XDocument nuspec, string name) => nuspec.Descendants().First(element => element.Name.LocalName == name).Value;
}
