using System.Diagnostics;
using AgentWorkflows.Compensation;
using AgentWorkflows.Costs;
using AgentWorkflows.Models;
using AgentWorkflows.Record;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Telemetry;

/// <summary>Model and tool calls, and their money.</summary>
internal sealed partial class Instruments
{
    private const string FunctionTool = "function";
    private const string Succeeded = "succeeded";

    internal void ChatEnded(Activity? span, ChatRequest request, string provider, ChatResult result, TimeSpan took)
    {
        var completed = result as ChatResult.Completed;
        var error = result is ChatResult.Failed failed ? SnakeCase.Of(failed.Kind) : null;
        if (span is not null)
        {
            Answered(span, completed, (result as ChatResult.Failed)?.RequestId, error);
        }
        if (!_chatSeconds.Enabled && !_tokens.Enabled)
        {
            return;
        }
        var tags = new TagList
        {
            { Attributes.Operation, SpanNames.Chat },
            { Attributes.Provider, provider },
            { Attributes.RequestModel, request.Deployment },
        };
        if (completed is { Model.Length: > 0 })
        {
            tags.Add(Attributes.ResponseModel, _responseModels.Of(completed.Model));
        }
        if (completed is not null)
        {
            tags.Add(Attributes.TokenType, "input");
            _tokens.Record(completed.Usage.InputTokens, tags);
            tags[^1] = new(Attributes.TokenType, "output");
            _tokens.Record(completed.Usage.OutputTokens, tags);
            tags.RemoveAt(tags.Count - 1);
        }
        if (error is not null)
        {
            tags.Add(Attributes.Error, error);
        }
        _chatSeconds.Record(took.TotalSeconds, tags);
    }

    internal void AnsweredFromCache(StepContext step, ChatRequest request) => _cacheHits.Add(
        1, new(Attributes.Agent, step.Session.Agent), new(Attributes.RequestModel, request.Deployment));

    internal void ToolCalled(Activity? span, StepContext step, ToolContract contract, ToolRun run, TimeSpan took, bool compensation)
    {
        var error = run.Result is ToolResult.Failure failure ? SnakeCase.Of(failure.Kind) : null;
        span?.SetTag(Attributes.Outcome, error ?? Succeeded);
        if (span is not null && error is not null)
        {
            Fail(span, error);
        }
        if (_toolCalls.Enabled)
        {
            _toolCalls.Add(1, new TagList
            {
                { Attributes.Tool, contract.Name },
                { Attributes.Agent, step.Session.Agent },
                { Attributes.Tier, SnakeCase.Of(contract.Tier) },
                { Attributes.Outcome, error ?? Succeeded },
                { Attributes.Compensation, compensation ? "true" : "false" },
            });
        }
        if (_toolSeconds.Enabled)
        {
            var tags = new TagList
            {
                { Attributes.Tool, contract.Name },
                { Attributes.ToolType, FunctionTool },
                { Attributes.Agent, step.Session.Agent },
            };
            if (error is not null)
            {
                tags.Add(Attributes.Error, error);
            }
            _toolSeconds.Record(took.TotalSeconds, tags);
        }
    }

    internal void Compensated(StepContext step, string tool, CompensationStatus status) => _compensations.Add(
        1, new(Attributes.Tool, tool), new(Attributes.Agent, step.Session.Agent), new(Attributes.Outcome, SnakeCase.Of(status)));

    /// <param name="subject">The deployment, or the tool.</param>
    internal void Spent(StepContext step, CostKind kind, string subject, Micros costMicros)
    {
        if (costMicros > 0)
        {
            _cost.Add(
                Usd(costMicros), new(Attributes.CostKind, SnakeCase.Of(kind)), new(Attributes.Agent, step.Session.Agent),
                new(kind == CostKind.Model ? Attributes.RequestModel : Attributes.Tool, subject));
        }
    }

    internal void CapRefused(StepContext step, CostKind kind, ReserveOutcome.Refused cap)
    {
        if (_refusals.Enabled)
        {
            _refusals.Add(
                1, new(Attributes.Cap, CostScopes.KindOf(cap.Scope)), new(Attributes.CostKind, SnakeCase.Of(kind)),
                new(Attributes.Agent, step.Session.Agent));
        }
    }

    private static double Usd(Micros micros) => (double)micros.Usd;

    private static void Answered(Activity span, ChatResult.Completed? completed, string? failedRequestId, string? error)
    {
        span.SetTag(Attributes.RequestId, completed?.RequestId ?? failedRequestId);
        if (completed is not null)
        {
            span.SetTag(Attributes.ResponseModel, completed.Model);
            span.SetTag(Attributes.FinishReasons, new[] { completed.FinishReason });
            span.SetTag(Attributes.InputTokens, completed.Usage.InputTokens);
            span.SetTag(Attributes.CachedInputTokens, completed.Usage.CachedInputTokens);
            span.SetTag(Attributes.OutputTokens, completed.Usage.OutputTokens);
        }
        if (error is not null)
        {
            Fail(span, error);
        }
    }
}
