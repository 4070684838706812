namespace AgentWorkflows.Agents.Yaml;

/// <summary>What somebody probably meant to write.</summary>
internal static class NearestName
{
    /// <summary>The candidate with the fewest edits (Levenshtein), if that is at most a third of the longer word, and at least two.</summary>
    public static string? Find(string written, ReadOnlySpan<string> candidates)
    {
        string? nearest = null;
        var fewest = int.MaxValue;
        foreach (var candidate in candidates)
        {
            var edits = Edits(written, candidate);
            if (edits < fewest && edits <= Math.Max(2, Math.Max(written.Length, candidate.Length) / 3))
            {
                (nearest, fewest) = (candidate, edits);
            }
        }
        return nearest;
    }

    private static int Edits(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
