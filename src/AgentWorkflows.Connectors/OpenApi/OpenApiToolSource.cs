using System.Net;
using AgentWorkflows.Connectors.Http;
using AgentWorkflows.Tools.Sources;
using Microsoft.OpenApi;

namespace AgentWorkflows.Connectors.OpenApi;

/// <summary>An HTTP API that a document describes. Discovering its tools reads the document; the API itself is asked when a tool is called.</summary>
internal sealed class OpenApiToolSource : IToolSource
{
    private static readonly TimeSpan DocumentTimeout = TimeSpan.FromSeconds(30);

    private readonly OpenApiSettings _settings;
    private readonly HttpServices _services;
    private readonly Uri? _documentAddress;
    private HttpCaller? _caller;
    private Uri? _server;

    public OpenApiToolSource(OpenApiSettings settings, HttpServices services)
    {
        (_settings, _services) = (settings, services);
        _documentAddress = settings.Document.StartsWith("http", StringComparison.OrdinalIgnoreCase) && Uri.TryCreate(settings.Document, UriKind.Absolute, out var address) ? address : null;
    }

    public string Name => _settings.Name;

    public string Kind => _settings.Kind;

    public string Address => _settings.Server ?? (_documentAddress is { } document ? document.GetLeftPart(UriPartial.Path) : Path.GetFileName(_settings.Document));

    /// <summary>A file is reviewed with the agent that it stands beside.</summary>
    public bool IsPinned => _documentAddress is not null;

    public event EventHandler? ToolsMayHaveChanged
    {
        add { }
        remove { }
    }

    public async Task<ToolDiscovery> DiscoverAsync(CancellationToken cancellationToken)
    {
        var (content, failure) = await ContentAsync(cancellationToken);
        if (content is null)
        {
            return failure!;
        }
        return DocumentReader.Read(content) switch
        {
            DocumentReading.Read read => Discover(read.Document),
            DocumentReading.Wrong wrong => new ToolDiscovery.Invalid($"The document {Shown} is wrong. {wrong.Why}"),
            var other => throw new InvalidOperationException($"Unknown reading {other.GetType().Name}."),
        };
    }

    private ToolDiscovery Discover(OpenApiDocument document)
    {
        if (Server(document) is not { } server)
        {
            return new ToolDiscovery.Invalid($"The document {Shown} names no absolute address without variables as its server. Set 'server'.");
        }
        if (_caller is null || _server != server)
        {
            _caller?.Dispose();
            (_caller, _server) = (new HttpCaller(_settings, _documentAddress is null ? [server] : [server, _documentAddress], _services), server);
        }
        var caller = _caller;
        if ((caller.MissingVariables ?? caller.CredentialsProblem(server) ?? Refusal(caller, server)) is { } problem)
        {
            return new ToolDiscovery.Invalid(problem);
        }
        var selection = new OperationSelection(_settings, Hidden());
        var operations = selection.Read(document);
        return selection.Problems.Count > 0 ? new ToolDiscovery.Invalid(string.Join(' ', selection.Problems))
            : operations.Count == 0 ? new ToolDiscovery.Invalid($"The document {Shown} has no operations.")
            : new ToolDiscovery.Found([.. operations.Select(one => new OpenApiTool(one.Tool, one.Operation, _settings, server, caller))]);
    }

    public ValueTask DisposeAsync()
    {
        _caller?.Dispose();
        return ValueTask.CompletedTask;
    }

    private string Shown => _documentAddress is { } document ? document.GetLeftPart(UriPartial.Path) : _settings.Document;

    private async Task<(byte[]? Content, ToolDiscovery? Failure)> ContentAsync(CancellationToken cancellationToken)
    {
        if (_documentAddress is null)
        {
            return await FileAsync(cancellationToken);
        }
        using var http = new OutsideHttp(new TargetRule(AllowedHosts.Of(_settings.Allow), [_documentAddress]), _services.Time, _services.Resolver);
        using var timeout = new CancellationTokenSource(DocumentTimeout, _services.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await http.SendAsync(new OutsideRequest(HttpMethod.Get, _documentAddress), null, DocumentReader.MaxBytes, stop.Token) switch
            {
                HttpAnswer.Answered { Status: HttpStatusCode.OK, IsCut: false } answer => (answer.Body, null),
                HttpAnswer.Answered { IsCut: true } => (null, new ToolDiscovery.Invalid($"The document {Shown} is larger than {DocumentReader.MaxBytes / 1024 / 1024} MiB.")),
                HttpAnswer.Answered answer => (null, new ToolDiscovery.Unreachable($"The document {Shown} cannot be had: the server answered {(int)answer.Status}.")),
                HttpAnswer.Refused refused => (null, new ToolDiscovery.Invalid($"The document {Shown} cannot be had: {refused.Why}.")),
                HttpAnswer.NotSent lost => (null, new ToolDiscovery.Unreachable($"The document {Shown} cannot be had: {lost.Why}.")),
                HttpAnswer.Lost lost => (null, new ToolDiscovery.Unreachable($"The document {Shown} cannot be had: {lost.Why}.")),
                var other => throw new InvalidOperationException($"Unknown answer {other.GetType().Name}."),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, new ToolDiscovery.Unreachable($"The document {Shown} did not come within {DocumentTimeout.TotalSeconds:0} s."));
        }
    }

    private async Task<(byte[]? Content, ToolDiscovery? Failure)> FileAsync(CancellationToken cancellationToken)
    {
        try
        {
            var file = new FileInfo(_settings.Document);
            if (!file.Exists)
            {
                return (null, new ToolDiscovery.Invalid($"There is no file {_settings.Document}. A document's path begins at the folder of its agent.yaml."));
            }
            return file.Length > DocumentReader.MaxBytes
                ? (null, new ToolDiscovery.Invalid($"The document {_settings.Document} is larger than {DocumentReader.MaxBytes / 1024 / 1024} MiB."))
                : (await File.ReadAllBytesAsync(_settings.Document, cancellationToken), null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, new ToolDiscovery.Unreachable($"The document {_settings.Document} cannot be read: {exception.Message}"));
        }
    }

    private Uri? Server(OpenApiDocument document)
    {
        if (_settings.Server is { } said)
        {
            return new Uri(said);
        }
        return _documentAddress is null && document.Servers?.FirstOrDefault()?.Url is { } url && !url.Contains('{', StringComparison.Ordinal)
            && Uri.TryCreate(url, UriKind.Absolute, out var server) && server.Scheme is "http" or "https" ? server : null;
    }

    private static string? Refusal(HttpCaller caller, Uri server) => caller.Rule.Refusal(server) is { } refusal
        ? $"{server.IdnHost} may not be asked: {refusal}. If it is meant, list {server.IdnHost}:{server.Port} under 'allow'." : null;

    private HashSet<string> Hidden()
    {
        var hidden = new HashSet<string>(_settings.Headers.Keys, StringComparer.OrdinalIgnoreCase) { _settings.IdempotencyHeader };
        if (_settings.Auth is { Type: HttpAuthType.ApiKey } auth)
        {
            hidden.Add(auth.KeyName);
        }
        return hidden;
    }
}
