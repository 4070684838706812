using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentWorkflows.Durability;

namespace AgentWorkflows.Models;

/// <summary>
/// The tools and the schema of a request, measured once: every planning step of an agent sends the same ones. Kept as long as the list of tools is. Thread-safe.
/// </summary>
internal sealed class RequestFrame
{
    private static readonly ConditionalWeakTable<IReadOnlyList<ToolDeclaration>, RequestFrame> Known = [];

    private readonly IReadOnlyList<ToolDeclaration> _tools;
    private readonly JsonElement? _schema;

    private RequestFrame(IReadOnlyList<ToolDeclaration> tools, JsonElement? schema)
    {
        (_tools, _schema) = (tools, schema);
        // As connectors send them, escapes and all.
        var toolBytes = tools.Count == 0 ? [] : JsonSerializer.SerializeToUtf8Bytes(tools, DurableJson.Options);
        var schemaBytes = schema is { } wanted ? Encoding.UTF8.GetBytes(wanted.GetRawText()) : [];
        (ToolBytes, SchemaBytes) = (toolBytes.Length, schemaBytes.Length);
        Digest = SHA256.HashData([.. toolBytes, .. schemaBytes]);
        TextBytes = Texts.Sum(text => (long)Encoding.UTF8.GetByteCount(text));
        ToolTokens = tools.Sum(tool => TokenEstimate.Of(tool.Name) + TokenEstimate.Of(tool.Description) + TokenEstimate.Of(tool.Parameters.GetRawText()));
    }

    /// <summary>Of the tools as JSON.</summary>
    public int ToolBytes { get; }

    public int SchemaBytes { get; }

    /// <summary>SHA-256 of tools and schema.</summary>
    public byte[] Digest { get; }

    /// <summary>Of <see cref="Texts"/>, in UTF-8.</summary>
    public long TextBytes { get; }

    /// <summary>See <see cref="TokenEstimate"/>.</summary>
    public int ToolTokens { get; }

    /// <summary>One for each tool, and the schema's.</summary>
    public IEnumerable<string> Texts =>
        _tools.Select(tool => $"{tool.Name}\n{tool.Description}\n{tool.Parameters.GetRawText()}").Append(_schema?.GetRawText() ?? "");

    public static RequestFrame Of(ChatRequest request)
    {
        if (request.Tools.Count == 0)
        {
            return new RequestFrame(request.Tools, request.ResponseSchema);
        }
        var known = Known.GetValue(request.Tools, tools => new RequestFrame(tools, request.ResponseSchema));
        return known._schema.Equals(request.ResponseSchema) ? known : new RequestFrame(request.Tools, request.ResponseSchema);
    }
}
