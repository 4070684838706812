using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace AgentWorkflows.Http.Security;

/// <summary>One key as configured. The key itself is nowhere: only its SHA-256 is.</summary>
/// <param name="Hash">32 bytes.</param>
/// <param name="User">Whose key it is; compared with a session's <c>user_id</c>.</param>
public sealed partial record ApiKey(string Name, ReadOnlyMemory<byte> Hash, ApiRoles Roles, string User)
{
    public const string Section = "ApiKeys";

    /// <summary>Reads <c>ApiKeys:0:Name</c>, <c>:Hash</c>, <c>:Roles</c> and <c>:User</c>, and so on. All problems at once; no keys when there are any.</summary>
    public static (IReadOnlyList<ApiKey> Keys, IReadOnlyList<string> Problems) Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var problems = new List<string>();
        var keys = configuration.GetSection(Section).GetChildren().Select(entry => ReadOne(entry, problems)).ToList();
        foreach (var twice in keys.Where(key => key is not null).GroupBy(key => key!.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            problems.Add($"{Section}: the name '{twice.Key}' is used {twice.Count()} times; each key needs a name of its own.");
        }
        return problems.Count > 0 ? ([], problems) : ([.. keys.Select(key => key!)], problems);
    }

    private static ApiKey? ReadOne(IConfigurationSection entry, List<string> problems)
    {
        var before = problems.Count;
        var name = entry["Name"] ?? "";
        var hash = entry["Hash"] ?? "";
        var user = entry["User"] ?? "";
        if (!NamePattern().IsMatch(name))
        {
            problems.Add($"{entry.Path}:Name must be 1 to 64 letters, digits, '.', '_' or '-'.");
        }
        // What stands there is not repeated: somebody may have put the key itself.
        if (!HashPattern().IsMatch(hash))
        {
            problems.Add($"{entry.Path}:Hash must be the SHA-256 of the key as 64 hexadecimal digits (printf %s \"$KEY\" | sha256sum).");
        }
        if (user.Length is 0 or > 200)
        {
            problems.Add($"{entry.Path}:User must name the key's user, in 1 to 200 characters.");
        }
        var roles = ReadRoles(entry, problems);
        return problems.Count > before ? null : new ApiKey(name, Convert.FromHexString(hash), roles, user);
    }

    /// <summary>A list (<c>Roles:0</c>, …) or one text separated by commas.</summary>
    private static ApiRoles ReadRoles(IConfigurationSection entry, List<string> problems)
    {
        var section = entry.GetSection("Roles");
        var names = (section.Value?.Split(',') ?? [.. section.GetChildren().Select(role => role.Value ?? "")])
            .Select(name => name.Trim()).Where(name => name.Length > 0).ToArray();
        var roles = ApiRoles.None;
        foreach (var name in names)
        {
            if (char.IsAsciiLetter(name[0]) && Enum.TryParse<ApiRoles>(name, ignoreCase: true, out var role) && role != ApiRoles.None)
            {
                roles |= role;
            }
            else
            {
                problems.Add($"{section.Path}: '{name}' is no role. Roles are start, approve, operate and read.");
            }
        }
        if (names.Length == 0)
        {
            problems.Add($"{section.Path} must have at least one of start, approve, operate and read.");
        }
        return roles;
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}$", RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();

    [GeneratedRegex("^[A-Fa-f0-9]{64}$", RegexOptions.NonBacktracking)]
    private static partial Regex HashPattern();
}
