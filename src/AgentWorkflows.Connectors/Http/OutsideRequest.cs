using System.Net;

namespace AgentWorkflows.Connectors.Http;

/// <summary>A request without its credentials, so that it can be made again, there or elsewhere.</summary>
internal sealed record OutsideRequest(HttpMethod Method, Uri Address)
{
    /// <summary>Not sent to another origin.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public byte[]? Body { get; init; }

    public string? ContentType { get; init; }

    public bool Reads => Method == HttpMethod.Get || Method == HttpMethod.Head;
}

/// <summary>What came of a request. Texts are for people and models: they name hosts, never queries or credentials, and end without a full stop.</summary>
internal abstract record HttpAnswer
{
    /// <param name="IsCut">There was more than was asked for.</param>
    public sealed record Answered(HttpStatusCode Status, string? MediaType, string? Charset, byte[] Body, bool IsCut) : HttpAnswer
    {
        public TimeSpan? RetryAfter { get; init; }
    }

    /// <summary>Nothing was sent, and asking again changes nothing.</summary>
    public sealed record Refused(string Why) : HttpAnswer;

    /// <summary>Nothing was sent.</summary>
    public sealed record NotSent(string Why) : HttpAnswer;

    /// <summary>It was sent; whether it was done is not known.</summary>
    public sealed record Lost(string Why) : HttpAnswer;
}
