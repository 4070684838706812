using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentWorkflows.Models;
using AgentWorkflows.Record;
using AgentWorkflows.Words;

namespace AgentWorkflows.Evals;

/// <summary>A record as a file of cases. Values are JSON, which is YAML too.</summary>
internal static partial class RecordingWriter
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(string name, SessionRecord session, EvalRecording recording, IReadOnlyList<string> ran, IReadOnlyList<string> rejected)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(recording);
        var text = new StringBuilder();
        var approvals = rejected.Count > 0 ? $"    approvals: {{reject: {Json(rejected)}}}\n" : "";
        text.Append($$"""
            # yaml-language-server: $schema=../../schemas/eval.schema.json
            # What session {{session.Id}} did, word for word: goal, context, arguments and results may name people.
            cases:
              - name: {{name}}
                goal: {{Json(session.Goal)}}
                context: {{Json(session.Context)}}
            {{approvals}}    expect:
                  status: [{{SnakeCase.Of(session.Progress.Status)}}]
                  tools: {order: {{Json(ran)}}}
                recording:
                  session: {{session.Id}}
                  calls:

            """.ReplaceLineEndings("\n"));
        foreach (var call in recording.Calls)
        {
            text.Append(CultureInfo.InvariantCulture, $"        - {{tool: {call.Tool}, arguments: {Json(call.Arguments)}, ");
            text.Append(call.Failure is { } failure
                ? $"failure: {{kind: {SnakeCase.Of(failure.Kind)}, message: {Json(failure.Message)}, suggestion: {Json(failure.Suggestion)}, retry_safe: {(failure.RetrySafe ? "true" : "false")}}}}}\n"
                : $"result: {Json(call.Result)}}}\n");
        }
        text.Append("      answers:\n");
        foreach (var answer in recording.Answers)
        {
            var isPlan = answer.Purpose == ModelPurpose.Plan && answer.Text.StartsWith('{');
            text.Append(CultureInfo.InvariantCulture, $"        - {{purpose: {SnakeCase.Of(answer.Purpose)}, tokens: {answer.Tokens}, {(isPlan ? "plan: " + Readable(answer.Text) : "text: " + Json(answer.Text))}}}\n");
        }
        return text.ToString();
    }

    private static string Json<T>(T value) => Readable(JsonSerializer.Serialize(value, Plain));

    /// <summary>YAML has no surrogates: what JSON writes as two escapes is one character.</summary>
    private static string Readable(string json) => Surrogates().Replace(json, pair => Regex.Unescape(pair.Value));

    [GeneratedRegex(@"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")]
    private static partial Regex Surrogates();
}
