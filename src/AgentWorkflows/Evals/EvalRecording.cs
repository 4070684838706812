using System.Text.Json;
using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Models;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Evals;

/// <summary>What a session did, as far as a later trial can be answered from it.</summary>
/// <param name="Session">The session it comes from.</param>
/// <param name="Calls">In the order in which they ended.</param>
/// <param name="Answers">The model's, in the order in which they were given.</param>
internal sealed record EvalRecording(string Session, IReadOnlyList<RecordedCall> Calls, IReadOnlyList<RecordedAnswer> Answers);

/// <summary>One attempt of a call, or a compensation's; either <paramref name="Result"/> or <paramref name="Failure"/>.</summary>
internal sealed record RecordedCall(string Tool, JsonElement Arguments, JsonElement? Result, ToolResult.Failure? Failure);

/// <param name="Text">Of a plan the plan itself, as JSON.</param>
internal sealed record RecordedAnswer(ModelPurpose Purpose, string Text, int Tokens);

/// <summary>Reads the section <c>recording</c> of a case, which <c>eval record</c> writes.</summary>
internal static class RecordingReader
{
    public static EvalRecording Read(YamlSection section)
    {
        section.Allow("session", "calls", "answers");
        return new EvalRecording(section.RequiredText("session", 100), [.. section.Items("calls").Select(ReadCall)], [.. section.Items("answers").Select(ReadAnswer)]);
    }

    private static RecordedCall ReadCall(YamlSection section)
    {
        section.Allow("tool", "arguments", "result", "failure");
        var failure = section.Section("failure");
        failure?.Allow("kind", "message", "suggestion", "retry_safe");
        return new RecordedCall(
            section.RequiredText("tool", 64), JsonSerializer.SerializeToElement(section.Values("arguments")), section.Value("result"),
            failure is null ? null : new ToolResult.Failure(
                failure.Choice<ToolFailureKind>("kind", "a kind of failure") ?? ToolFailureKind.Permanent, failure.RequiredText("message", 5000),
                failure.Text("suggestion", 5000) ?? "", failure.Flag("retry_safe", otherwise: false)));
    }

    private static RecordedAnswer ReadAnswer(YamlSection section)
    {
        section.Allow("purpose", "plan", "text", "tokens");
        var text = section.Text("text", 200_000);
        return new RecordedAnswer(
            section.Choice<ModelPurpose>("purpose", "a purpose") ?? ModelPurpose.Plan,
            section.Value("plan") is { } plan ? plan.GetRawText() : text ?? "", section.Integer("tokens", 0, 10_000_000) ?? 0);
    }
}
