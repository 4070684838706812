using AgentWorkflows.Models;
using Microsoft.Extensions.AI;

namespace AgentWorkflows.Connectors.Chat;

/// <summary>What differs between the clients behind <see cref="ChatClientModel"/>.</summary>
internal sealed record ChatWire
{
    /// <summary>As OpenTelemetry's <c>gen_ai.provider.name</c> has it.</summary>
    public required string Provider { get; init; }

    /// <summary>The client can be told a JSON schema that its endpoint enforces.</summary>
    public SchemaMode Schemas { get; init; }

    /// <summary>It takes schemas beyond the strict subset too, without enforcing them to the letter.</summary>
    public bool TakesLooseSchemas { get; init; }

    /// <summary>Changes the options for what the common words cannot say.</summary>
    public Action<ChatOptions, ChatRequest, bool>? Adjust { get; init; }

    /// <summary>Where to look when something is wrong with the configuration.</summary>
    public ModelEndpoint? Endpoint { get; init; }

    public bool Enforces(ChatRequest request) =>
        request.ResponseSchema is not null && Schemas == SchemaMode.Strict && (request.StrictSchema || TakesLooseSchemas);
}
