using AgentWorkflows.Agents.Yaml;

namespace AgentWorkflows.Agents;

/// <summary>What is in a folder of agents beside what is read: files that were meant to be read, and cannot be. Without a word they would do nothing.</summary>
internal static class FolderFiles
{
    public const string Agent = "agent.yaml";
    public const string Playbook = "playbook.yaml";
    public const string Prices = "prices.yaml";

    /// <summary>The folders that hold an agent, or something that was meant as one.</summary>
    /// <param name="root">As people see it, such as <c>agents</c>.</param>
    public static IReadOnlyList<DirectoryInfo> OfAgents(DirectoryInfo folder, string root, List<AgentProblem> problems)
    {
        var found = new List<DirectoryInfo>();
        foreach (var entry in Entries(folder, root, problems).Where(entry => !entry.Name.StartsWith('.') && entry.Name != "lost+found"))
        {
            var shown = $"{root}/{entry.Name}";
            if (entry is DirectoryInfo inner)
            {
                if (IsAgent(inner, shown, problems))
                {
                    found.Add(inner);
                }
            }
            else if (entry.Name != Prices && FileKind.BrokenLink(entry.FullName) is { } target)
            {
                problems.Add(new AgentProblem(shown, 1, "", $"This is a link to '{target}', which leads to nothing. Point it at what it stands for, or remove it."));
            }
            else if (entry.Name == Agent || Meant(entry.Name, Agent) is not null)
            {
                problems.Add(new AgentProblem(shown, 1, "", $"An agent has a folder of its own, named like it: {root}/NAME/{Agent}. Move the file there."));
            }
            else
            {
                Report(entry.Name, shown, [Prices], problems);
            }
        }
        return [.. found.OrderBy(one => one.Name, StringComparer.Ordinal)];
    }

    /// <summary>True of a folder with a file of an agent, be it missing behind a link or of another kind.</summary>
    private static bool IsAgent(DirectoryInfo folder, string shown, List<AgentProblem> problems)
    {
        var names = Entries(folder, shown, problems).Select(entry => entry.Name).ToList();
        var isAgent = names.Contains(Agent, StringComparer.Ordinal);
        foreach (var name in names.Where(name => name is not (Agent or Playbook)))
        {
            Report(name, $"{shown}/{name}", isAgent ? [Agent, Playbook] : [Agent], problems);
        }
        return isAgent;
    }

    private static void Report(string name, string shown, ReadOnlySpan<string> read, List<AgentProblem> problems)
    {
        foreach (var meant in read)
        {
            if (Meant(name, meant) is { } right)
            {
                problems.Add(new AgentProblem(shown, 1, "", $"Nothing reads a file of this name. Rename it to {right}."));
            }
        }
    }

    /// <returns><paramref name="meant"/>, when the name is it but for a slip: case, a letter too much, missing or changed, two exchanged, the other extension.</returns>
    private static string? Meant(string name, string meant)
    {
        if (name == meant || !(Path.GetExtension(name).ToLowerInvariant() is ".yaml" or ".yml"))
        {
            return null;
        }
        var (written, right) = (Path.GetFileNameWithoutExtension(name).ToLowerInvariant(), Path.GetFileNameWithoutExtension(meant));
        return written == right || IsOneOff(written, right) || IsOneOff(right, written)
            || (written.Length == right.Length && written.Order().SequenceEqual(right.Order())) ? meant : null;
    }

    /// <summary>True when leaving one letter out of the one gives the other, or the other without one of its letters at the same place.</summary>
    private static bool IsOneOff(string longer, string shorter) => Enumerable.Range(0, longer.Length).Any(at =>
        longer.Remove(at, 1) is var cut && (cut == shorter || (longer.Length == shorter.Length && cut == shorter.Remove(at, 1))));

    private static IReadOnlyList<FileSystemInfo> Entries(DirectoryInfo folder, string shown, List<AgentProblem> problems)
    {
        try
        {
            return [.. folder.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false })];
        }
        catch (UnauthorizedAccessException)
        {
            problems.Add(new AgentProblem(shown, 1, "", $"The user '{Environment.UserName}' may not read this folder. Change its owner or its rights, or run the program as another user."));
        }
        catch (IOException exception)
        {
            problems.Add(new AgentProblem(shown, 1, "", $"The folder cannot be read: {exception.Message}"));
        }
        return [];
    }
}
