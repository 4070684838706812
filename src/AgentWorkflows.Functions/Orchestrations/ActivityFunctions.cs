using System.Text.Json;
using AgentWorkflows.Functions.Durable;
using Microsoft.Azure.Functions.Worker;

namespace AgentWorkflows.Functions.Orchestrations;

/// <summary>
/// One function for each registered activity. The trigger has the wire name; a function's own name must not have dots, so it has underscores
/// instead. A test compares them with the registry.
/// </summary>
internal sealed class ActivityFunctions(OrchestrationDispatcher dispatcher)
{
    private const string InstanceId = "instanceId";

    [Function("session_open")]
    public Task<JsonElement?> OpenAsync([ActivityTrigger(Activity = "session.open")] JsonElement? input, FunctionContext context) =>
        RunAsync("session.open", input, context);

    [Function("session_fork")]
    public Task<JsonElement?> ForkAsync([ActivityTrigger(Activity = "session.fork")] JsonElement? input, FunctionContext context) =>
        RunAsync("session.fork", input, context);

    [Function("session_classify")]
    public Task<JsonElement?> ClassifyAsync([ActivityTrigger(Activity = "session.classify")] JsonElement? input, FunctionContext context) =>
        RunAsync("session.classify", input, context);

    [Function("session_answer")]
    public Task<JsonElement?> AnswerAsync([ActivityTrigger(Activity = "session.answer")] JsonElement? input, FunctionContext context) =>
        RunAsync("session.answer", input, context);

    [Function("session_summarize")]
    public Task<JsonElement?> SummarizeAsync([ActivityTrigger(Activity = "session.summarize")] JsonElement? input, FunctionContext context) =>
        RunAsync("session.summarize", input, context);

    [Function("session_plan")]
    public Task<JsonElement?> PlanAsync([ActivityTrigger(Activity = "session.plan")] JsonElement? input, FunctionContext context) =>
        RunAsync("session.plan", input, context);

    [Function("session_gate")]
    public Task<JsonElement?> GateAsync([ActivityTrigger(Activity = "session.gate")] JsonElement? input, FunctionContext context) =>
        RunAsync("session.gate", input, context);

    [Function("approval_request")]
    public Task<JsonElement?> RequestApprovalAsync([ActivityTrigger(Activity = "approval.request")] JsonElement? input, FunctionContext context) =>
        RunAsync("approval.request", input, context);

    [Function("approval_announce")]
    public Task<JsonElement?> AnnounceApprovalAsync([ActivityTrigger(Activity = "approval.announce")] JsonElement? input, FunctionContext context) =>
        RunAsync("approval.announce", input, context);

    [Function("approval_notify")]
    public Task<JsonElement?> NotifyApprovalAsync([ActivityTrigger(Activity = "approval.notify")] JsonElement? input, FunctionContext context) =>
        RunAsync("approval.notify", input, context);

    [Function("approval_close")]
    public Task<JsonElement?> CloseApprovalAsync([ActivityTrigger(Activity = "approval.close")] JsonElement? input, FunctionContext context) =>
        RunAsync("approval.close", input, context);

    [Function("session_act")]
    public Task<JsonElement?> ActAsync([ActivityTrigger(Activity = "session.act")] JsonElement? input, FunctionContext context) =>
        RunAsync("session.act", input, context);

    [Function("session_settle")]
    public Task<JsonElement?> SettleAsync([ActivityTrigger(Activity = "session.settle")] JsonElement? input, FunctionContext context) =>
        RunAsync("session.settle", input, context);

    [Function("session_observe")]
    public Task<JsonElement?> ObserveAsync([ActivityTrigger(Activity = "session.observe")] JsonElement? input, FunctionContext context) =>
        RunAsync("session.observe", input, context);

    [Function("session_check_rollback")]
    public Task<JsonElement?> CheckRollbackAsync([ActivityTrigger(Activity = "session.check_rollback")] JsonElement? input, FunctionContext context) =>
        RunAsync("session.check_rollback", input, context);

    [Function("session_compensate")]
    public Task<JsonElement?> CompensateAsync([ActivityTrigger(Activity = "session.compensate")] JsonElement? input, FunctionContext context) =>
        RunAsync("session.compensate", input, context);

    [Function("session_close")]
    public Task<JsonElement?> CloseAsync([ActivityTrigger(Activity = "session.close")] JsonElement? input, FunctionContext context) =>
        RunAsync("session.close", input, context);

    private Task<JsonElement?> RunAsync(string name, JsonElement? input, FunctionContext context)
    {
        var instanceId = context.BindingContext.BindingData.TryGetValue(InstanceId, out var value) ? value?.ToString()?.Trim('"') : null;
        return dispatcher.RunActivityAsync(
            name, instanceId ?? throw new InvalidOperationException($"The trigger of activity '{name}' did not tell the instance."),
            input, context.CancellationToken);
    }
}
