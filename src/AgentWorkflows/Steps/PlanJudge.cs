using AgentWorkflows.Agents;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Screening;

namespace AgentWorkflows.Steps;

/// <summary>What a model's answer is worth as a plan.</summary>
internal abstract record JudgedPlan
{
    /// <param name="Replaced">What was taken out of the answer.</param>
    public sealed record Good(Plan Plan, IReadOnlyList<string>? Replaced) : JudgedPlan;

    /// <param name="Problem">Written for the model.</param>
    /// <param name="Contradicts">It is a plan, but relies on, or tells, what was recorded otherwise.</param>
    /// <param name="NamesValues">The problem names recorded values.</param>
    public sealed record Bad(string Problem, bool Contradicts = false, bool NamesValues = false) : JudgedPlan;
}

/// <summary>Form, then facts, then what it says was done, then what an answer may say. Pure.</summary>
internal static class PlanJudge
{
    public static JudgedPlan Judge(ChatResult.Completed completed, PlanQuestion question, AgentDefinition agent)
    {
        var request = question.Request;
        var parsed = PlanParser.Parse(completed.Text);
        if (parsed is ParsedPlan.Invalid && completed.FinishReason == ChatResult.Completed.CutOff)
        {
            // One that is whole all the same ended exactly there.
            parsed = new ParsedPlan.Invalid($"The answer was cut off at {request.MaxOutputTokens} tokens. Make it shorter: fewer steps, or a shorter answer.");
        }
        if (parsed is not ParsedPlan.Valid { Plan: var said })
        {
            return new JudgedPlan.Bad(((ParsedPlan.Invalid)parsed).Problem);
        }
        if (FactCheck.Contradiction(said.ReliesOn, question.Turns) is { } contradiction)
        {
            return new JudgedPlan.Bad(contradiction, Contradicts: true, NamesValues: true);
        }
        if (said.Answer is { } claimed && question.Effects?.Contradiction(claimed) is { } untrue)
        {
            if (!question.TellsRecord)
            {
                return new JudgedPlan.Bad(untrue, Contradicts: true);
            }
            return new JudgedPlan.Good(said with { Answer = question.Effects.Told() }, ["an answer that contradicts the record"]);
        }
        var plan = request.StrictSchema ? PlanSchema.WithoutNulls(said, request.Tools) : said;
        return (plan.Answer is { } answer ? AnswerCheck.Of(answer, question.Known, agent) : null) switch
        {
            AnswerVerdict.Refused refused => new JudgedPlan.Bad(refused.Problem),
            AnswerVerdict.Replaced replaced => new JudgedPlan.Good(plan with { Answer = replaced.Answer }, replaced.Findings),
            _ => new JudgedPlan.Good(plan, null),
        };
    }
}
