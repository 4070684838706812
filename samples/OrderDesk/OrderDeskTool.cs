using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentWorkflows.Tools;

namespace OrderDesk;

/// <summary>
/// A tool that writes. In one transaction it looks for the idempotency key, makes the change and keeps the key with the result, so that a repeated call
/// answers the first result and changes nothing.
/// </summary>
internal abstract class OrderDeskTool<TArguments, TOutput>(string name, OrderDeskDatabase database, TimeProvider time) : TypedTool<TArguments, TOutput>(name), IPreviewingTool
{
    public Task<IReadOnlyList<PreviewedChange>> PreviewAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        var arguments = invocation.Arguments.Deserialize<TArguments>(ToolJson.Options) ?? throw new JsonException("The arguments are null.");
        return database.ReadAsync(transaction => Preview(transaction, arguments), cancellationToken);
    }

    protected sealed override Task<ToolResult> ExecuteAsync(TArguments arguments, ToolInvocation invocation, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction =>
            {
                if (transaction.FindEffect(invocation.IdempotencyKey) is { } before)
                {
                    return Repeat(before);
                }
                var now = time.GetUtcNow();
                var result = Change(transaction, arguments, invocation, now);
                if (result is ToolResult.Success success)
                {
                    transaction.AddEffect(invocation.IdempotencyKey, Name, invocation.SessionId, withdrawn: false, success.Value.GetRawText(), now);
                }
                return result;
            },
            cancellationToken);

    /// <summary>What <see cref="Change"/> would change, in a person's words.</summary>
    protected virtual IReadOnlyList<PreviewedChange> Preview(OrderDeskTransaction transaction, TArguments arguments) => [];

    /// <summary>Makes the change, or answers a failure without having changed anything.</summary>
    protected abstract ToolResult Change(OrderDeskTransaction transaction, TArguments arguments, ToolInvocation invocation, DateTimeOffset now);

    /// <summary>An id that is the same for every attempt of a call.</summary>
    protected static string NewId(string prefix, ToolInvocation invocation) =>
        $"{prefix}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(invocation.IdempotencyKey)))[..12]}";

    private ToolResult Repeat(Effect before)
    {
        if (before.Tool != Name)
        {
            return ToolResult.Permanent($"This idempotency key belongs to a call of {before.Tool}.", "Use a key of its own for each call.");
        }
        if (before.Withdrawn)
        {
            return ToolResult.Permanent("This call was taken back before it ran.", "Do not repeat it: the session was rolled back.");
        }
        return new ToolResult.Success(JsonSerializer.Deserialize<JsonElement>(before.Result));
    }
}
