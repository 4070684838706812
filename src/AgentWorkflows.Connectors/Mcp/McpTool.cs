using System.Text.Json;
using System.Text.Json.Nodes;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Sources;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentWorkflows.Connectors.Mcp;

/// <summary>A tool of a server. Every way in which a call can end is a result; whether it took effect is said only where the protocol says it.</summary>
internal sealed class McpTool : IOutsideTool
{
    /// <summary>Where a server finds the idempotency key of a call, in its <c>_meta</c>.</summary>
    internal const string KeyMeta = "agentworkflows/idempotencyKey";

    private readonly McpSource _source;
    private readonly string? _keyArgument;

    public McpTool(McpSource source, Tool tool)
    {
        _source = source;
        Name = ToolSourceNames.Of(source.Name, tool.Name)!;
        Definition = new ToolDefinition(source.Name, tool.Name, tool.Description ?? "", tool.InputSchema)
        {
            LeastTier = LeastTierOf(tool.Annotations),
            NeverIdempotent = tool.Annotations is { IdempotentHint: false, ReadOnlyHint: not true },
            Timeout = source.Settings.Timeout,
        };
        var schema = JsonObject.Create(OutsideSchema.Enforceable(tool.InputSchema))!;
        if (source.Settings.KeyArgument is { } key && schema["properties"]!.AsObject().Remove(key))
        {
            // The host gives it; the model never sees it.
            _keyArgument = key;
            schema["required"] = new JsonArray([.. (schema["required"]?.AsArray() ?? []).Where(name => name!.GetValue<string>() != key).Select(name => name!.DeepClone())]);
        }
        ParametersSchema = JsonSerializer.SerializeToElement(schema);
    }

    public string Name { get; }

    public ToolDefinition Definition { get; }

    public JsonElement ParametersSchema { get; }

    public async Task<ToolResult> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        if (_source.Connection is not { } connection)
        {
            return NotSent();
        }
        var arguments = invocation.Arguments.EnumerateObject().ToDictionary(argument => argument.Name, argument => argument.Value, StringComparer.Ordinal);
        if (_keyArgument is not null)
        {
            arguments[_keyArgument] = JsonSerializer.SerializeToElement(invocation.IdempotencyKey);
        }
        try
        {
            var answer = await connection.Client.CallToolAsync(
                new CallToolRequestParams { Name = Definition.Name, Arguments = arguments, Meta = new JsonObject { [KeyMeta] = invocation.IdempotencyKey } }, cancellationToken);
            return McpAnswer.Of(Definition, answer);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (McpProtocolException exception)
        {
            return Refused(exception);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or McpException or ClientTransportClosedException or InvalidOperationException or JsonException
            or OperationCanceledException or TimeoutException)
        {
            return await LostAsync(connection);
        }
    }

    /// <summary>The server answered with an error of the protocol. Some say that the tool never ran.</summary>
    private ToolResult.Failure Refused(McpProtocolException exception)
    {
        var never = exception.ErrorCode is McpErrorCode.InvalidParams or McpErrorCode.MethodNotFound or McpErrorCode.InvalidRequest or McpErrorCode.ParseError;
        return new ToolResult.Failure(
            ToolFailureKind.Permanent, $"The server '{_source.Name}' refused the call of '{Definition.Name}': {exception.Message}",
            never ? "Call it in another way, or use another tool." : "Look what it changed before trying anything else.", RetrySafe: false)
        { Effect = never ? FailedEffect.None : FailedEffect.Unknown };
    }

    private async Task<ToolResult> LostAsync(McpConnection connection)
    {
        var overlong = connection.IsOverlong;
        await _source.EndAsync();
        return new ToolResult.Failure(
            overlong ? ToolFailureKind.Permanent : ToolFailureKind.Transient,
            overlong ? $"The answer of '{Definition.Name}' is longer than {McpConnection.MaxMessageBytes / (1024 * 1024)} MB and was not read."
                : $"The connection with the server '{_source.Name}' ended before it answered.",
            overlong ? "Ask for less. Look what it changed before trying anything else." : "It may have taken effect: check with a read tool before trying again.", RetrySafe: false)
        { Effect = FailedEffect.Unknown };
    }

    private ToolResult.Failure NotSent() => new(
        ToolFailureKind.Transient, $"'{Definition.Name}' was not called: the server '{_source.Name}' cannot be reached.", "It is tried again by itself; if it still fails, go on without it.", RetrySafe: true)
    { Effect = FailedEffect.None };

    /// <summary>What the server says raises caution: that it reads only is no reason to believe it.</summary>
    private static ToolTier LeastTierOf(ToolAnnotations? said) => said switch
    {
        { DestructiveHint: true, ReadOnlyHint: not true } => ToolTier.Destructive,
        { ReadOnlyHint: false } => ToolTier.WriteSafe,
        _ => ToolTier.Read,
    };
}
