using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace AgentWorkflows.Connectors.OpenApi;

/// <summary>An operation of a document, as a tool sees it.</summary>
/// <param name="Name"><c>operationId</c>, or method and path.</param>
/// <param name="Path">With its <c>{names}</c>, as it is in the document.</param>
/// <param name="Arguments">JSON schema that the gate enforces.</param>
internal sealed record ApiOperation(string Name, HttpMethod Method, string Path, string Description, IReadOnlyList<ApiParameter> Parameters, ApiBody? Body, JsonObject Arguments);

/// <param name="Argument">What the model calls it.</param>
/// <param name="Name">What the API calls it.</param>
/// <param name="IsJson">Its value is JSON text (<c>content</c> instead of <c>schema</c>).</param>
internal sealed record ApiParameter(string Argument, string Name, ParameterLocation In, ParameterStyle Style, bool Explode, bool IsJson);

/// <summary>Its members are arguments of their own, or the whole of it is one, called <see cref="WholeArgument"/>.</summary>
/// <param name="Members">Argument → member of the body.</param>
internal sealed record ApiBody(bool IsForm, string MediaType, bool IsWhole, IReadOnlyDictionary<string, string> Members)
{
    public const string WholeArgument = "body";

    /// <summary>Of a form: how members that are lists or objects are written. Default: as a query's.</summary>
    public IReadOnlyDictionary<string, ParameterStyle> Styles { get; init; } = new Dictionary<string, ParameterStyle>();
}

/// <summary>What of a document cannot be expressed as a tool, and where it stands.</summary>
internal sealed class NotExpressibleException(string place, string message) : Exception($"{place}: {message}");
