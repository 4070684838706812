using System.Diagnostics;
using AgentWorkflows.Approvals;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;
using AgentWorkflows.Screening;
using AgentWorkflows.Words;

namespace AgentWorkflows.Telemetry;

/// <summary>Sessions, the people they ask, and what guards them.</summary>
internal sealed partial class Instruments
{
    /// <summary>Whether anybody wants to know how long sessions took: finding out costs a read.</summary>
    internal bool WantsSessionEnd => _agentSeconds.Enabled || Source.HasListeners();

    internal bool WantsLevels => _running.Enabled || _stuck.Enabled || _pending.Enabled || _oldest.Enabled;

    internal void Levels(int running, int stuck, int pending, TimeSpan oldestWait)
    {
        _running.Record(running);
        _stuck.Record(stuck);
        _pending.Record(pending);
        _oldest.Record(oldestWait.TotalSeconds);
    }

    internal void SessionStarted(SessionRef session) =>
        _started.Add(1, new(Attributes.Agent, session.Agent), new(Attributes.TaskType, _taskTypes.Of(session.TaskType)));

    /// <param name="startedAt"><c>null</c>: not known, the duration is not recorded.</param>
    internal void SessionEnded(StepContext step, SessionFailure? failure, DateTimeOffset? startedAt, DateTimeOffset now)
    {
        var session = step.Session;
        var tags = new TagList
        {
            { Attributes.Agent, session.Agent },
            { Attributes.TaskType, _taskTypes.Of(session.TaskType) },
            { Attributes.Status, SnakeCase.Of(step.Progress.Status) },
        };
        _iterations.Record(step.Progress.Turn, tags);
        _sessionCost.Record(Usd(step.Progress.CostMicros), tags);
        if (startedAt is { } started)
        {
            AgentSpan(step, failure, started, now);
            var timed = tags;
            if (failure is not null)
            {
                timed.Add(Attributes.Error, failure.Type);
            }
            _agentSeconds.Record((now - started).TotalSeconds, timed);
        }
        if (failure is not null)
        {
            tags.Add(Attributes.FailureCategory, SnakeCase.Of(failure.Category));
        }
        _finished.Add(1, tags);
        if (failure is { Category: FailureCategory.Budget } or { Type: "loop" })
        {
            _guardStops.Add(1, new(Attributes.Agent, session.Agent), new(Attributes.FailureType, failure.Type));
        }
    }

    internal void RollbackEnded(StepContext step) =>
        _rollbacks.Add(1, new(Attributes.Agent, step.Session.Agent), new(Attributes.Status, SnakeCase.Of(step.Progress.Status)));

    internal void Escalated(string agent, string kind) => _escalations.Add(1, new(Attributes.Agent, agent), new(Attributes.Escalation, kind));

    internal void Escalated(StepContext step, NextRung rung)
    {
        if (rung != NextRung.Replan)
        {
            Escalated(step.Session.Agent, SnakeCase.Of(rung));
        }
    }

    internal void ApprovalRequested(ApprovalRequest request) => _approvals.Add(
        1, new(Attributes.Agent, request.Agent), new(Attributes.Tool, request.Tool),
        new(Attributes.ApprovalKind, request.IsQuestion ? "question" : "call"));

    internal void ApprovalClosed(ApprovalRequest request, ApprovalDecision decision) => _approvalWait.Record(
        Math.Max(0, (decision.DecidedAt - request.RequestedAt).TotalSeconds), new(Attributes.Agent, request.Agent),
        new(Attributes.Tool, request.Tool),
        new(Attributes.ApprovalStatus, SnakeCase.Of(request.Status)));

    /// <param name="tool"><c>null</c> when it stood in the request to start.</param>
    internal void InjectionDetected(string agent, string? tool, InjectionPolicy policy)
    {
        if (_injections.Enabled)
        {
            var tags = new TagList
            {
                { Attributes.InjectionSource, tool is null ? "request" : "tool" },
                { Attributes.InjectionPolicy, SnakeCase.Of(policy) },
                { Attributes.Agent, agent },
            };
            if (tool is not null)
            {
                tags.Add(Attributes.Tool, tool);
            }
            _injections.Add(1, tags);
        }
    }

    /// <param name="kind"><c>deployment</c>, <c>quality</c> or <c>tool</c>.</param>
    internal void BreakerOpened(string kind, string key) => _breakers.Add(1, new(Attributes.BreakerKind, kind), new(Attributes.BreakerKey, key));
}
