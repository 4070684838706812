using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflows.Tools;

/// <summary>A tool of which each call has an object of its own, from a scope of its own, which ends when the call does. Thread-safe.</summary>
internal class ScopedTool(ToolDescription description, Type type, IServiceScopeFactory scopes) : ITool
{
    public string Name => description.Name;

    public JsonElement ParametersSchema => description.ParametersSchema;

    public ToolContract? Contract => description.Contract;

    public Task<ToolResult> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken) =>
        InScopeAsync(tool => tool.ExecuteAsync(invocation, cancellationToken));

    protected async Task<T> InScopeAsync<T>(Func<ITool, Task<T>> call)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await call((ITool)scope.ServiceProvider.GetRequiredService(type));
    }
}

/// <summary>A <see cref="ScopedTool"/> whose class can tell beforehand what a call would change.</summary>
internal sealed class ScopedPreviewingTool(ToolDescription description, Type type, IServiceScopeFactory scopes)
    : ScopedTool(description, type, scopes), IPreviewingTool
{
    public Task<IReadOnlyList<PreviewedChange>> PreviewAsync(ToolInvocation invocation, CancellationToken cancellationToken) =>
        InScopeAsync(tool => ((IPreviewingTool)tool).PreviewAsync(invocation, cancellationToken));
}
