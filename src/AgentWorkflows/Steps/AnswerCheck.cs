using AgentWorkflows.Agents;
using AgentWorkflows.Record;
using AgentWorkflows.Screening;

namespace AgentWorkflows.Steps;

/// <summary>What of an answer reaches the person who gave the goal: nothing the agent's policy keeps back, and none of the instructions that a model was given. Pure.</summary>
internal static class AnswerCheck
{
    /// <param name="known">Everything that may be named.</param>
    public static AnswerVerdict Of(string answer, IReadOnlyList<string> known, AgentDefinition agent) => AnswerScreen.Check(
        answer, known, string.Join('\n', agent.Instructions, Transcript.Rules, Transcript.FactRules, AnswerActivity.Rules), agent.Screening.Output);
}
