using System.Text.RegularExpressions;
using AgentWorkflows.Sessions;
using AgentWorkflows.Words;
using Microsoft.Extensions.Configuration;

namespace AgentWorkflows.AspNetCore.Security;

/// <summary>One key as configured. The key itself is nowhere: only its SHA-256 is.</summary>
/// <param name="Hash">32 bytes.</param>
/// <param name="User">Whose key it is; compared with a session's <c>user_id</c>.</param>
internal sealed partial record ApiKey(string Name, ReadOnlyMemory<byte> Hash, ApiRoles Roles, string User)
{
    public const string Section = "ApiKeys";

    /// <summary>The roles (<c>context.role</c>) in which the key may start sessions; agents' permissions are asked with them. Default: <c>user</c>.</summary>
    public IReadOnlyList<string> SessionRoles { get; init; } = [SessionRef.DefaultRole];

    /// <summary>Reads <c>ApiKeys:0:Name</c>, <c>:Hash</c>, <c>:Roles</c>, <c>:User</c> and <c>:SessionRoles</c>, and so on. All problems at once; no keys when there are any.</summary>
    public static (IReadOnlyList<ApiKey> Keys, IReadOnlyList<string> Problems) Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var problems = new List<string>();
        var keys = configuration.GetSection(Section).GetChildren().Select(entry => ReadOne(entry, problems)).ToList();
        foreach (var twice in keys.Where(key => key is not null).GroupBy(key => key!.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
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
        else if (PersonName.Normalize(user) is null)
        {
            problems.Add($"{entry.Path}:User: {PersonName.Refusal}");
        }
        var roles = ReadRoles(entry, problems);
        var sessionRoles = Texts(entry.GetSection("SessionRoles"));
        foreach (var role in sessionRoles.Where(role => !StartRequestRules.IsRole(role)))
        {
            problems.Add($"{entry.Path}:SessionRoles: '{role}' is no role of a session. Allowed: 1 to 64 of a-z, 0-9, '_' and '-'.");
        }
        return problems.Count > before
            ? null
            : new ApiKey(name, Convert.FromHexString(hash), roles, PersonName.Normalize(user)!) { SessionRoles = sessionRoles is [] ? [SessionRef.DefaultRole] : sessionRoles };
    }

    private static ApiRoles ReadRoles(IConfigurationSection entry, List<string> problems)
    {
        var section = entry.GetSection("Roles");
        var names = Texts(section);
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

    /// <summary>A list (<c>Roles:0</c>, …) or one text separated by commas.</summary>
    private static string[] Texts(IConfigurationSection section) =>
    [
        .. (section.Value?.Split(',') ?? section.GetChildren().Select(item => item.Value ?? "")).Select(text => text.Trim()).Where(text => text.Length > 0),
    ];

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z", RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^[A-Fa-f0-9]{64}\z", RegexOptions.NonBacktracking)]
    private static partial Regex HashPattern();
}
