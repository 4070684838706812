using System.Text.Json;
using AgentWorkflows.Connectors.OpenApi;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Sources;

namespace AgentWorkflows.Connectors.Http;

/// <summary>Makes the calls of one source: its headers and credentials on them, the idempotency key where the contract says so, answers as results. Thread-safe.</summary>
internal sealed class HttpCaller : IDisposable
{
    private readonly HttpSourceSettings _settings;
    private readonly Func<string, string?> _variable;
    private readonly IHttpCredentials? _credentials;

    /// <param name="own">The addresses that the settings name: their ports are open, not their networks.</param>
    public HttpCaller(HttpSourceSettings settings, IEnumerable<Uri> own, HttpServices services)
    {
        (_settings, _variable) = (settings, services.Variable);
        var tokenUrl = settings.Auth is { Type: HttpAuthType.Oauth2 } auth && Uri.TryCreate(EnvironmentText.Expand(auth.TokenUrl, _variable), UriKind.Absolute, out var address) ? address : null;
        Rule = new TargetRule(AllowedHosts.Of(settings.Allow), tokenUrl is null ? own : [.. own, tokenUrl]);
        Http = new OutsideHttp(Rule, services.Time, services.Resolver);
        if (MissingVariables is null)
        {
            _credentials = HttpCredentials.Of(settings.Auth, _variable, Http, services.Time);
        }
    }

    public TargetRule Rule { get; }

    public OutsideHttp Http { get; }

    /// <summary>For people; <c>null</c> when the environment has all.</summary>
    public string? MissingVariables => EnvironmentText.Missing(_settings.TextsWithVariables(), _variable);

    /// <summary>Why credentials cannot be sent to a server; <c>null</c> when they can.</summary>
    public string? CredentialsProblem(Uri server) => _settings.Auth is not null && server.Scheme == Uri.UriSchemeHttp && !Rule.Allowed.NamesHost(server.IdnHost, server.Port)
        ? $"Credentials would go to {server.IdnHost} unencrypted. Use https, or list {server.IdnHost} under 'allow'."
        : null;

    public async Task<ToolResult> CallAsync(ToolInvocation invocation, Func<JsonElement, OutsideRequest> request, CancellationToken cancellationToken)
    {
        OutsideRequest made;
        try
        {
            made = request(invocation.Arguments);
        }
        catch (UnfitValueException exception)
        {
            return ToolResult.Permanent($"'{invocation.Tool}' was not called: {exception.Message}", "Give another value.");
        }
        var terms = new CallTerms(invocation.Tool, made.Reads, invocation.Idempotent);
        // What the call says itself wins: it was filled from the same settings.
        var headers = _settings.Headers.Where(header => made.Headers.All(own => !own.Name.Equals(header.Key, StringComparison.OrdinalIgnoreCase)))
            .Select(header => (header.Key, EnvironmentText.Expand(header.Value, _variable))).Concat(made.Headers);
        if (!made.Reads && invocation.Idempotent)
        {
            headers = headers.Append((_settings.IdempotencyHeader, invocation.IdempotencyKey));
        }
        var answer = await Http.SendAsync(made with { Headers = [.. headers] }, _credentials, HttpResults.MaxBytes, cancellationToken);
        return HttpResults.Of(answer, terms, Secrets());
    }

    public void Dispose() => Http.Dispose();

    /// <summary>Whatever comes from the environment is taken for a secret.</summary>
    private string[] Secrets() =>
        [.. _credentials?.Secrets ?? [], .. _settings.TextsWithVariables().SelectMany(EnvironmentText.Names).Select(_variable).OfType<string>()];
}

/// <summary>What sources take from their host; seams for tests.</summary>
internal sealed record HttpServices(TimeProvider Time, Func<string, string?> Variable, IHostResolver Resolver);
