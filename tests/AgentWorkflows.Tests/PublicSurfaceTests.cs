using System.Text.RegularExpressions;
using AgentWorkflows.TestSupport;
using Xunit;

namespace AgentWorkflows.Tests;

/// <summary>What users of the packages see: held by the compiler (PublicAPI.*.txt), told in docs/packages.md.</summary>
public sealed partial class PublicSurfaceTests
{
    private static readonly string[] NoTypesOfOurs = ["AddChatClient", "AgentWorkflows", "IChatClient", "MapAgentWorkflows", "RunAgentWorkflowsAsync", "UseDurableFunctions", "UseEmbeddedEngine"];

    [Fact]
    public void The_docs_name_every_public_type_and_no_other()
    {
        var types = PublicTypes();
        var told = Told().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "packages.md")).Split("## What is public")[1])
            .Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

        Assert.NotEmpty(types);
        Assert.Empty(types.Except(told));
        Assert.Empty(told.Where(name => name.All(char.IsAsciiLetterOrDigit)).Except(types).Except(NoTypesOfOurs));
    }

    /// <summary>Without their namespaces, their type parameters and what is nested in them.</summary>
    private static HashSet<string> PublicTypes()
    {
        // A type stands alone on its line: a member has parameters or a result.
        var types = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "PublicAPI.*.txt", SearchOption.AllDirectories)
            .SelectMany(File.ReadAllLines)
            .Select(line => TypeParameters().Replace(line, ""))
            .Where(line => line.Length > 0 && line.All(c => char.IsAsciiLetterOrDigit(c) || c == '.'))
            .ToHashSet(StringComparer.Ordinal);
        return [.. types.Where(type => !types.Contains(type[..type.LastIndexOf('.')])).Select(type => type[(type.LastIndexOf('.') + 1)..])];
    }

    [GeneratedRegex("<[^<>]*>")]
    private static partial Regex TypeParameters();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Told();
}
