using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AgentWorkflows.Durability;
using Microsoft.DurableTask;

namespace AgentWorkflows.Functions.Durable;

/// <summary>
/// A failure on its way through Durable Task. The Functions host keeps of an exception only its type and the first line of its message, so the whole failure
/// travels as one line of JSON in the message.
/// </summary>
internal sealed class RecordedFailure(FailureDetails failure) : Exception(Marker + JsonSerializer.Serialize(failure, OneLine))
{
    private const string Marker = "agentworkflows-failure:";

    /// <summary>Durable Task's own failures in the port's words.</summary>
    private static readonly (string Suffix, string ErrorType, bool IsNonRetryable)[] Known =
    [
        ("NonDeterministicOrchestrationException", DurableErrorTypes.Divergence, false),
        ("OrchestratorTaskNotFound", DurableErrorTypes.NotRegistered, true),
        ("ActivityTaskNotFound", DurableErrorTypes.NotRegistered, true),
    ];

    /// <summary>How the durable extension says that the app has no orchestrator of a name; such a failure has no type.</summary>
    private const string NoSuchFunction = "doesn't exist, is disabled, or is not an ";

    /// <summary>Escapes line ends of every alphabet, so that the JSON stays one line.</summary>
    private static readonly JsonSerializerOptions OneLine = new(DurableJson.Options) { Encoder = JavaScriptEncoder.Default };

    private static readonly JsonSerializerOptions Reading = new(DurableJson.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };

    public static RecordedFailure Of(Exception exception) => new(FailureDetails.FromException(exception));

    /// <param name="details">Missing where a sub-orchestration was terminated.</param>
    public static FailureDetails Read(TaskFailureDetails? details)
    {
        if (details is null)
        {
            return new FailureDetails(DurableErrorTypes.Terminated, "It was terminated.");
        }
        if (TryRead(details.ErrorMessage) is { } recorded)
        {
            return recorded;
        }
        var known = Known.FirstOrDefault(entry => details.ErrorType.EndsWith(entry.Suffix, StringComparison.Ordinal));
        return new FailureDetails(
            known.ErrorType ?? details.ErrorType, details.ErrorMessage, known.IsNonRetryable, details.InnerFailure is { } inner ? Read(inner) : null);
    }

    /// <summary>Of a failed instance Azure Storage keeps the failure's type and message as one text, where it keeps the output of others.</summary>
    public static FailureDetails ReadOutput(string output)
    {
        const string Separator = ": ";
        var said = MessageOf(output);
        if (said.Contains(NoSuchFunction, StringComparison.Ordinal))
        {
            return new FailureDetails(DurableErrorTypes.NotRegistered, said, true);
        }
        var end = said.IndexOf(Separator, StringComparison.Ordinal);
        return Read(end < 0
            ? new TaskFailureDetails("(unknown)", said, null, null, null)
            : new TaskFailureDetails(said[..end], said[(end + Separator.Length)..], null, null, null));
    }

    /// <summary>What the extension itself says of an instance that it cannot run is JSON.</summary>
    private static string MessageOf(string output)
    {
        try
        {
            using var json = JsonDocument.Parse(output);
            return json.RootElement is { ValueKind: JsonValueKind.Object } said && said.TryGetProperty("message", out var message) ? message.ToString() : output;
        }
        catch (JsonException)
        {
            return output;
        }
    }

    private static FailureDetails? TryRead(string message)
    {
        var start = message.IndexOf(Marker, StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }
        var text = message[(start + Marker.Length)..];
        return TryParse(text) ?? (Unescape(text) is { } inner ? TryParse(inner) : null);
    }

    private static FailureDetails? TryParse(string text)
    {
        try
        {
            // What follows the JSON value, such as a stack trace that a host appended, is not read.
            var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(text), isFinalBlock: false, default);
            return JsonSerializer.Deserialize<FailureDetails>(ref reader, Reading);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A worker hands an exception on as JSON of its own, in which the message is a string; a host that does not know the form shows it as it is.</summary>
    private static string? Unescape(string text)
    {
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes('"' + text), isFinalBlock: false, default);
        try
        {
            return reader.Read() ? reader.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
