using System.Text.Json;

namespace AgentWorkflows.Tools.Sources;

/// <summary>What every source has that is reached by HTTP. Values of headers may name variables, see <see cref="EnvironmentText"/>.</summary>
internal abstract record HttpSourceSettings(string Name) : ToolSourceSettings(Name)
{
    public const string DefaultIdempotencyHeader = "Idempotency-Key";
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Hosts outside the public internet that may be asked.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    public HttpAuthSettings? Auth { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Of a call whose contract says none.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>Where a call carries its idempotency key, if its contract is <c>idempotent</c>.</summary>
    public string IdempotencyHeader { get; init; } = DefaultIdempotencyHeader;

    /// <summary>Every text that may name variables.</summary>
    public virtual IEnumerable<string> TextsWithVariables() => [.. Headers.Values, .. Auth?.Texts() ?? []];

    public override string ToDo => "Add AgentWorkflows.Connectors and call AddHttpTools() on the builder.";
}

/// <summary>An HTTP API that an OpenAPI document describes.</summary>
internal sealed record OpenApiSettings(string Name) : HttpSourceSettings(Name)
{
    public const string OfKind = "openapi";

    /// <summary>The path of a file, absolute, or an address.</summary>
    public required string Document { get; init; }

    /// <summary>Where the API is; default: what the document says, if it is a file.</summary>
    public string? Server { get; init; }

    /// <summary>Names of operations, also with * for any text, and <c>tag:NAME</c>. None: every operation that can be expressed.</summary>
    public IReadOnlyList<string> Operations { get; init; } = [];

    public override string Kind => OfKind;
}

/// <summary>One HTTP call, described in <c>agent.yaml</c> itself. Its arguments stand as <c>{name}</c> in address, headers and body.</summary>
internal sealed record HttpToolSettings(string Name) : HttpSourceSettings(Name)
{
    public const string OfKind = "http";

    public string Description { get; init; } = "";

    /// <summary>In capitals.</summary>
    public required string Method { get; init; }

    public required string Url { get; init; }

    public JsonElement? Body { get; init; }

    /// <summary>JSON schema of the arguments.</summary>
    public required JsonElement Arguments { get; init; }

    public override string Kind => OfKind;

    public override IEnumerable<string> TextsWithVariables() => [Url, .. base.TextsWithVariables(), .. Body is { } body ? HttpTemplateRules.Texts(body) : []];
}
