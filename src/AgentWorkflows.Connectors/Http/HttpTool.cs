using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentWorkflows.Connectors.OpenApi;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Sources;

namespace AgentWorkflows.Connectors.Http;

/// <summary>One call that <c>agent.yaml</c> describes.</summary>
internal sealed class HttpTool : IOutsideTool
{
    private readonly HttpToolSettings _settings;
    private readonly HttpCaller _caller;
    private readonly Func<string, string?> _variable;

    public HttpTool(HttpToolSettings settings, HttpCaller caller, Func<string, string?> variable)
    {
        (_settings, _caller, _variable) = (settings, caller, variable);
        Definition = new ToolDefinition(settings.Name, settings.Name, settings.Description, settings.Arguments)
        {
            LeastTier = settings.Method is "PUT" or "PATCH" or "DELETE" ? ToolTier.WriteSafe : ToolTier.Read,
            Timeout = settings.Timeout,
        };
    }

    public string Name => _settings.Name;

    public JsonElement ParametersSchema => _settings.Arguments;

    public ToolDefinition Definition { get; }

    public Task<ToolResult> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken) =>
        _caller.CallAsync(invocation, arguments => HttpTemplate.Fill(_settings, arguments, _variable), cancellationToken);
}

/// <summary>Fills an HTTP tool's templates, each value escaped for its place: none can add a segment, a parameter, a header or a member. Pure.</summary>
internal static class HttpTemplate
{
    /// <exception cref="UnfitValueException">An argument cannot be written where it belongs.</exception>
    public static OutsideRequest Fill(HttpToolSettings settings, JsonElement arguments, Func<string, string?> variable)
    {
        var parts = settings.Url.Split('?', 2);
        var query = parts.Length == 1 ? [] : parts[1].Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(pair => TemplateText.Names(pair).All(name => Has(arguments, name)))
            .Select(pair => TemplateText.Fill(pair, name => Uri.EscapeDataString(Text(arguments, name)), variable)).ToList();
        var path = Path(parts[0], arguments, variable);
        // The settings' own headers are sent by the caller; those with arguments in them are filled here.
        var headers = settings.Headers.Where(header => TemplateText.Names(header.Value).Any())
            .Select(header => (header.Key, Header(header.Key, header.Value, arguments, variable))).ToList();
        var body = settings.Body is { } template && Filled(template, arguments, variable) is { } filled ? Encoding.UTF8.GetBytes(filled.ToJsonString()) : null;
        return new OutsideRequest(new HttpMethod(settings.Method), new Uri(query.Count == 0 ? path : $"{path}?{string.Join('&', query)}"))
        {
            Headers = headers,
            Body = body,
            ContentType = "application/json",
        };
    }

    private static string Path(string template, JsonElement arguments, Func<string, string?> variable)
    {
        var origin = TemplateText.OriginOf(template)!.TrimEnd('/');
        var segments = template[origin.Length..].Split('/').Select(segment => TemplateText.Fill(segment, name => Uri.EscapeDataString(Text(arguments, name)), variable)).ToList();
        var names = TemplateText.Names(template).ToList();
        return segments.Any(segment => segment is "." or "..") || names.Any(name => Text(arguments, name).Length == 0)
            ? throw new UnfitValueException(string.Join(", ", names), "would mean another path: '.', '..' and nothing at all cannot stand there")
            : origin + string.Join('/', segments);
    }

    private static string Header(string header, string template, JsonElement arguments, Func<string, string?> variable)
    {
        var text = TemplateText.Fill(template, name => Text(arguments, name), variable);
        return HeaderText.IsValue(text) ? text : throw new UnfitValueException(header, "goes into a header, where only visible ASCII characters and spaces may stand");
    }

    /// <summary><c>null</c>: nothing of it is given.</summary>
    private static JsonNode? Filled(JsonElement template, JsonElement arguments, Func<string, string?> variable)
    {
        switch (template.ValueKind)
        {
            case JsonValueKind.Object:
                return new JsonObject(template.EnumerateObject().Where(member => !IsLeftOut(member.Value, arguments))
                    .Select(member => KeyValuePair.Create(member.Name, Filled(member.Value, arguments, variable))));
            case JsonValueKind.Array:
                return new JsonArray([.. template.EnumerateArray().Where(item => !IsLeftOut(item, arguments)).Select(item => Filled(item, arguments, variable))]);
            case JsonValueKind.String when TemplateText.OnlyName(template.GetString()!) is { } name:
                return arguments.TryGetProperty(name, out var value) ? JsonNode.Parse(value.GetRawText()) : null;
            case JsonValueKind.String:
                return JsonValue.Create(TemplateText.Fill(template.GetString()!, name => Has(arguments, name) ? Text(arguments, name) : "", variable));
            default:
                return JsonNode.Parse(template.GetRawText());
        }
    }

    private static bool IsLeftOut(JsonElement template, JsonElement arguments) =>
        template.ValueKind == JsonValueKind.String && TemplateText.OnlyName(template.GetString()!) is { } name && !Has(arguments, name);

    private static bool Has(JsonElement arguments, string name) => arguments.TryGetProperty(name, out _);

    private static string Text(JsonElement arguments, string name) => arguments.TryGetProperty(name, out var value) ? ParameterText.Text(value) : "";
}

/// <summary>The source of one such call.</summary>
internal sealed class HttpToolSource(HttpToolSettings settings, HttpServices services) : IToolSource
{
    private readonly HttpCaller _caller = new(settings, [new Uri(TemplateText.OriginOf(settings.Url)!)], services);

    public string Name => settings.Name;

    public string Kind => settings.Kind;

    public string Address => TemplateText.OriginOf(settings.Url)!.TrimEnd('/');

    /// <summary>All of it stands in <c>agent.yaml</c>.</summary>
    public bool IsPinned => false;

    public event EventHandler? ToolsMayHaveChanged
    {
        add { }
        remove { }
    }

    public Task<ToolDiscovery> DiscoverAsync(CancellationToken cancellationToken)
    {
        var server = new Uri(Address);
        return Task.FromResult<ToolDiscovery>((_caller.MissingVariables ?? _caller.CredentialsProblem(server)) is { } problem ? new ToolDiscovery.Invalid(problem)
            : _caller.Rule.Refusal(server) is { } refusal
                ? new ToolDiscovery.Invalid($"{server.IdnHost} may not be asked: {refusal}. If it is meant, list {server.IdnHost}:{server.Port} under 'allow'.")
            : new ToolDiscovery.Found([new HttpTool(settings, _caller, services.Variable)]));
    }

    public ValueTask DisposeAsync()
    {
        _caller.Dispose();
        return ValueTask.CompletedTask;
    }
}
