using AgentWorkflows.Approvals;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.Server.Cli;

/// <summary>What became of a decision, in words.</summary>
internal static class DecisionText
{
    public static string Describe(DecideResult result) => result switch
    {
        DecideResult.Done done => Describe(done.Outcome),
        DecideResult.Refused refused => "Not decided: " + Describe(refused),
        DecideResult.Invalid invalid => "Not decided: " + string.Join(" ", invalid.Problems.Select(problem => $"{problem.Path}: {problem.Message}")),
        _ => throw new InvalidOperationException($"Unknown decide result {result.GetType().Name}."),
    };

    private static string Describe(DecideResult.Refused refused) => refused.Verdict switch
    {
        ApproverVerdict.OwnSession => "the session is yours, and somebody else has to decide.",
        ApproverVerdict.NotYet => "you are asked only when nobody else has answered in time.",
        _ => $"you are not among those who may: {string.Join(", ", refused.Request.Stages.SelectMany(stage => stage.Approvers).Distinct())}.",
    };

    public static string Describe(DecideOutcome outcome) => outcome switch
    {
        DecideOutcome.Decided decided => $"{decided.Request.Status}: {decided.Request.Tool}.",
        DecideOutcome.Counted counted =>
            $"Your approval of {counted.Request.Tool} counts: {counted.Request.Votes.Count} of {counted.Request.Required}. It runs when the others have approved too.",
        DecideOutcome.SameApprover same => $"Not decided: you have approved already, and {same.Request.Required} different people have to.",
        DecideOutcome.AlreadyDecided { Request.Status: ApprovalStatus.Withdrawn } => "Not decided: the session ended before.",
        DecideOutcome.AlreadyDecided already when Deadline.Decided(already.Request) => "Not decided: " + Deadline.Passed(already.Request),
        DecideOutcome.AlreadyDecided { Request.Decision: { } first } =>
            $"Not decided: {first.Approver} was first, on {first.DecidedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC ({first.Status}).",
        DecideOutcome.AlreadyDecided already => $"Not decided: it is {already.Request.Status} already.",
        DecideOutcome.Stale => "Not decided: the arguments have changed since they were shown. Look again, then decide.",
        DecideOutcome.Expired expired => "Not decided: " + Deadline.Passed(expired.Request),
        DecideOutcome.NotFound => "Not decided: there is no such approval.",
        _ => throw new InvalidOperationException($"Unknown decide outcome {outcome.GetType().Name}."),
    };
}
