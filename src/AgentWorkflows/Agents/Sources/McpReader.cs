using System.Text.Json;
using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Tools.Sources;

namespace AgentWorkflows.Agents.Sources;

/// <summary>Reads an entry under <c>mcp</c>.</summary>
internal static class McpReader
{
    public static McpServerSettings? Read(string name, YamlSection section)
    {
        section.Allow("command", "args", "env", "url", "headers", "timeout", "key_argument");
        var settings = new McpServerSettings(name)
        {
            Command = section.Text("command"),
            Arguments = section.Has("args") ? section.Repeatable("args") : [],
            Environment = Map(section, "env"),
            Url = section.Text("url"),
            Headers = Map(section, "headers"),
            Timeout = section.Duration("timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)) ?? McpServerSettings.DefaultTimeout,
            KeyArgument = section.Text("key_argument", 64),
        };
        return section.Shape is null && Wrong(settings, section) ? null : settings;
    }

    private static bool Wrong(McpServerSettings settings, YamlSection section)
    {
        switch (settings)
        {
            case { Command: null, Url: null }:
                section.Report("An MCP server has a 'command' that starts it, or a 'url'.");
                return true;
            case { Command: not null, Url: not null }:
                section.Report("url", "An MCP server has a 'command' that starts it, or a 'url', not both.");
                return true;
            case { Url: { } url } when !Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0:
                section.Report("url", $"'{url}' is not an address. Allowed: http or https, without a user and a password in it; secrets go into 'headers'.");
                return true;
            case { Url: not null } when settings.Arguments.Count + settings.Environment.Count > 0:
                section.Report(settings.Arguments.Count > 0 ? "args" : "env", "Only a server that is started by a 'command' has that.");
                return true;
            case { Command: not null, Headers.Count: > 0 }:
                section.Report("headers", "Only a server with a 'url' has headers. A program gets what it needs through 'env'.");
                return true;
            default:
                return false;
        }
    }

    private static SortedDictionary<string, string> Map(YamlSection section, string key)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in section.Values(key))
        {
            if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null)
            {
                section.Report(key, $"'{name}' must be text. A secret is named, not written: \"${{NAME}}\" is the variable NAME of the host's environment.");
            }
            else
            {
                map[name] = value.ToString();
            }
        }
        return map;
    }
}
