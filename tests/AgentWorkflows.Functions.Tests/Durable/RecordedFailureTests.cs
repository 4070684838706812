using AgentWorkflows.Durability;
using AgentWorkflows.Functions.Durable;
using Microsoft.DurableTask;
using Xunit;

namespace AgentWorkflows.Functions.Tests.Durable;

public sealed class RecordedFailureTests
{
    private static readonly FailureDetails Failure = new("Model.Refused", "Line one\nline two\u2028“déjà vu” 🚀", true, new FailureDetails("Inner", "why"));

    [Fact]
    public void A_failure_is_one_line_and_is_read_as_it_was()
    {
        var message = Thrown().Message;

        Assert.DoesNotContain('\n', message);
        Assert.DoesNotContain('\u2028', message);
        Assert.Equal(Failure, Read(message));
    }

    [Theory]
    [InlineData("AgentWorkflows.Functions.Durable.RecordedFailure: ", "")]
    [InlineData("Result: Function 'session_plan', Invocation id 'x': An exception was thrown.\nException: ", "\nStack:    at A.B()")]
    [InlineData("", "   at A.B() in C.cs:line 7")]
    public void What_a_host_puts_around_the_message_does_not_matter(string before, string after) =>
        Assert.Equal(Failure, Read(before + Thrown().Message + after));

    [Fact]
    public void What_a_worker_writes_as_JSON_of_its_own_is_read_too()
    {
        var written = System.Text.Json.JsonSerializer.Serialize(new { ErrorType = "Some.Type", ErrorMessage = Thrown().Message, StackTrace = "   at A.B()" });

        Assert.Equal(Failure, Read("Exception: " + written + "\nStack:    at C.D()"));
    }

    [Theory]
    [InlineData("DurableTask.Core.Exceptions.NonDeterministicOrchestrationException", DurableErrorTypes.Divergence, false)]
    [InlineData("ActivityTaskNotFound", DurableErrorTypes.NotRegistered, true)]
    [InlineData("System.IO.IOException", "System.IO.IOException", false)]
    public void A_failure_of_Durable_Task_itself_has_the_ports_name(string type, string expected, bool isNonRetryable)
    {
        var failure = RecordedFailure.Read(new TaskFailureDetails(type, "what happened", null, null, null));

        Assert.Equal(new FailureDetails(expected, "what happened", isNonRetryable), failure);
    }

    [Theory]
    [InlineData("The function 'no.such' doesn't exist, is disabled, or is not an orchestrator function. Additional info: none.")]
    [InlineData("""{"message":"The function 'no.such' doesn\u0027t exist, is disabled, or is not an orchestrator function. Additional info: none."}""")]
    public void What_the_durable_extension_says_of_a_missing_orchestrator_is_not_registered(string output) => Assert.Equal(
        new FailureDetails(
            DurableErrorTypes.NotRegistered, "The function 'no.such' doesn't exist, is disabled, or is not an orchestrator function. Additional info: none.", true),
        RecordedFailure.ReadOutput(output));

    [Fact]
    public void A_failure_that_Azure_Storage_keeps_as_an_output_is_read_as_it_was()
    {
        Assert.Equal(Failure, RecordedFailure.ReadOutput("AgentWorkflows.Functions.Durable.RecordedFailure: " + Thrown().Message));
        Assert.Equal(new FailureDetails("System.IO.IOException", "The disk: full"), RecordedFailure.ReadOutput("System.IO.IOException: The disk: full"));
    }

    [Fact]
    public void A_message_that_only_looks_like_a_failure_is_a_message() =>
        Assert.Equal("agentworkflows-failure:{broken", Read("agentworkflows-failure:{broken").Message);

    private static FailureDetails Read(string message) => RecordedFailure.Read(new TaskFailureDetails("Some.Type", message, null, null, null));

    private static RecordedFailure Thrown() => new(Failure);
}
