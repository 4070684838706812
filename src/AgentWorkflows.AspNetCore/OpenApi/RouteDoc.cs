using System.Text.Json.Nodes;

namespace AgentWorkflows.AspNetCore.OpenApi;

/// <summary>What the API's description says of a route beyond its table entry.</summary>
/// <param name="Summary">One line.</param>
/// <param name="Answers">Successful ones; the first is the usual one.</param>
/// <param name="Problems">Those of this route; what every route can answer is added.</param>
internal sealed record RouteDoc(string Summary, IReadOnlyList<AnswerDoc> Answers, params IReadOnlyList<ProblemDoc> Problems)
{
    public string? Description { get; init; }

    public IReadOnlyList<QueryDoc> Query { get; init; } = [];

    public BodyDoc? Body { get; init; }
}

/// <param name="Example">A record of the API, as the route writes it: its type is the answer's schema. <c>null</c>: no content.</param>
internal sealed record AnswerDoc(int Status, string Description, object? Example)
{
    /// <summary>Names of headers, with what they tell.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public string MediaType { get; init; } = "application/json";
}

/// <param name="Code">The stable <c>code</c> of the problem details.</param>
internal sealed record ProblemDoc(int Status, string Code, string When);

internal sealed record QueryDoc(string Name, string Description, JsonObject Schema);

/// <param name="Optional">No body at all counts as an empty object.</param>
internal sealed record BodyDoc(string Name, JsonObject Schema, string Example, bool Optional = false);
