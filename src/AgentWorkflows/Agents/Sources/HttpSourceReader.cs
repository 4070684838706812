using System.Text.Json;
using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Sources;

namespace AgentWorkflows.Agents.Sources;

/// <summary>Reads entries under <c>openapi</c> and <c>http</c>.</summary>
internal static class HttpSourceReader
{
    private static readonly TimeSpan MinTimeout = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromMinutes(10);

    private enum CallMethod
    {
        Get,
        Head,
        Post,
        Put,
        Patch,
        Delete,
    }

    public static OpenApiSettings? ReadOpenApi(string name, YamlSection section)
    {
        section.Allow("document", "server", "allow", "operations", "auth", "headers", "timeout", "idempotency_header");
        var document = section.RequiredText("document");
        var server = section.Text("server");
        var auth = section.Section("auth") is { } shown ? HttpAuthReader.Read(shown) : null;
        if (server is not null && !IsServer(server))
        {
            section.Report("server", $"'{server}' is not an address. Allowed: http or https with a host, without a user, a query and a fragment, such as https://api.example.com/v1.");
        }
        if (IsAddress(document) && server is null)
        {
            section.Report("server", "This key is needed where the document is an address: whoever can change the document must not decide where calls and credentials go.");
        }
        return document.Length == 0 ? null : Common(section, new OpenApiSettings(name)
        {
            Document = IsAddress(document) || section.Folder is not { } folder ? document : Path.GetFullPath(document, folder),
            Server = server,
            Operations = section.Texts("operations"),
            Auth = auth,
        });
    }

    public static HttpToolSettings? ReadTool(string name, YamlSection section)
    {
        section.Allow("description", "method", "url", "headers", "body", "arguments", "allow", "auth", "timeout", "idempotency_header");
        var method = section.Choice<CallMethod>("method", "a method") ?? CallMethod.Post;
        var url = section.RequiredText("url");
        section.Shape?.Map("body");
        section.Shape?.Map("arguments");
        var arguments = Arguments(section);
        var auth = section.Section("auth") is { } shown ? HttpAuthReader.Read(shown) : null;
        var body = section.Value("body");
        if (body is not null && method is CallMethod.Get or CallMethod.Head)
        {
            section.Report("body", "A call with this method has no body. Put the arguments into the url, or use another method.");
        }
        if (section.Shape is not null || url.Length == 0 || arguments is not { } schema)
        {
            Common(section, new HttpToolSettings(name) { Method = "GET", Url = url, Arguments = default });
            return null;
        }
        var settings = Common(section, new HttpToolSettings(name)
        {
            Description = section.Text("description") ?? "",
            Method = method.ToString().ToUpperInvariant(),
            Url = url,
            Body = body,
            Arguments = schema,
            Auth = auth,
        });
        foreach (var (key, problem) in HttpTemplateRules.FindProblems(settings))
        {
            section.Report(key, problem);
        }
        return settings;
    }

    private static TSettings Common<TSettings>(YamlSection section, TSettings settings)
        where TSettings : HttpSourceSettings
    {
        var allow = section.Texts("allow");
        foreach (var entry in section.Shape is null ? allow.Where(entry => !AllowedHosts.IsEntry(entry)) : [])
        {
            section.Report("allow", $"'{entry}' is not a host. Allowed: {AllowedHosts.Rule}.");
        }
        var header = section.Text("idempotency_header", 64);
        if (header is not null && !HeaderText.IsName(header))
        {
            section.Report("idempotency_header", $"'{header}' is not a header's name. Allowed: letters, digits, - and _.");
        }
        return settings with
        {
            Allow = allow,
            Headers = Headers(section),
            Timeout = section.Duration("timeout", MinTimeout, MaxTimeout) ?? HttpSourceSettings.DefaultTimeout,
            IdempotencyHeader = header ?? HttpSourceSettings.DefaultIdempotencyHeader,
        };
    }

    private static SortedDictionary<string, string> Headers(YamlSection section)
    {
        var headers = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in section.Values("headers"))
        {
            if (!HeaderText.IsName(name))
            {
                section.Report("headers", $"'{name}' is not a header's name. Allowed: letters, digits, - and _.");
            }
            else if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null || !HeaderText.IsValue(value.ToString()))
            {
                section.Report("headers", $"'{name}' must be one line of visible ASCII characters. A secret is named, not written: \"${{NAME}}\" is the variable NAME of the host's environment.");
            }
            else
            {
                headers[name] = value.ToString();
            }
        }
        return headers;
    }

    private static JsonElement? Arguments(YamlSection section)
    {
        if (section.Value("arguments") is not { } schema)
        {
            return JsonElement.Parse("""{"type":"object","properties":{},"additionalProperties":false}""");
        }
        var problems = SchemaCheck.FindProblems(schema);
        foreach (var problem in problems)
        {
            section.Report("arguments", problem.Path.Length == 0 ? problem.Message : $"{problem.Path}: {problem.Message}");
        }
        return problems.Count == 0 ? ParametersReader.Closed(schema) : null;
    }

    private static bool IsAddress(string document) => document.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || document.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static bool IsServer(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address)
        && address is { Scheme: "http" or "https", UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0 } && address.Host.Length > 0;
}
