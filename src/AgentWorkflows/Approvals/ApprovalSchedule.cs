namespace AgentWorkflows.Approvals;

/// <summary>Something that happens while a request waits.</summary>
/// <param name="Index">Counted from 1 among those of its kind.</param>
internal sealed record ApprovalMoment(DateTimeOffset At, NoticeKind Kind, int Index);

/// <summary>When a request is reminded of and escalated. Pure.</summary>
internal static class ApprovalSchedule
{
    /// <summary>In order; of a reminder and an escalation at the same time, the escalation comes first, so that the reminder reaches the new people once, not twice.</summary>
    public static IReadOnlyList<ApprovalMoment> Of(ApprovalTerms terms, DateTimeOffset requestedAt)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var escalations = terms.Escalation.Select((step, i) => new ApprovalMoment(requestedAt + step.After, NoticeKind.Escalation, i + 1));
        var reminders = terms.Reminders.Select((after, i) => new ApprovalMoment(requestedAt + after, NoticeKind.Reminder, i + 1));
        var deadline = requestedAt + terms.Timeout;
        return [.. escalations.Concat(reminders).Where(moment => moment.At < deadline).OrderBy(moment => moment.At)];
    }
}
