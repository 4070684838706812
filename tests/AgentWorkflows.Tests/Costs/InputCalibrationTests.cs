using System.Text;
using System.Text.Json;
using AgentWorkflows.Costs;
using AgentWorkflows.Models;
using Xunit;

namespace AgentWorkflows.Tests.Costs;

/// <summary>Against a tokenizer that is as unkind as a byte-level one can be: any number of tokens from one a message to one a byte, the same for the same message.</summary>
public sealed class InputCalibrationTests
{
    private const string Instructions = "You are a careful assistant who answers in few words and never guesses what a tool can tell.";

    [Fact]
    public void Bound_OfAnyText_IsNeverBelowAByteLevelTokenizer()
    {
        foreach (var text in new[] { "plain", "héllo wörld", "日本語のテキスト", "🚀🚀🚀", "", "\u0001\u0002<>&\"", new string('x', 10_000) })
        {
            var request = Request(text);
            Assert.True(InputBound.Of(request).Total >= Encoding.UTF8.GetByteCount(text) + Encoding.UTF8.GetByteCount(Instructions));
        }
    }

    [Fact]
    public void Bound_CountsToolsAsTheyAreSentAndTheSchema()
    {
        var tool = new ToolDeclaration("réfund", "Gives <money> back", JsonSerializer.SerializeToElement(new { type = "object" }));
        var bare = InputBound.Of(Request("hi")).Total;

        Assert.InRange(InputBound.Of(Request("hi") with { Tools = [tool] }).Total, bare + 60, bare + 400);
        Assert.InRange(InputBound.Of(Request("hi") with { ResponseSchema = tool.Parameters }).Total, bare + 17, bare + 100);
    }

    [Fact]
    public void ANextTurn_IsHeldAtWhatTheLastOneWasBilledAndTheBytesThatWereAdded()
    {
        var calibration = new InputCalibration();
        var first = Request("Refund order 1042, it arrived broken.");
        calibration.Learn(first, new ChatUsage(40, 0, 5));

        var second = Request("Refund order 1042, it arrived broken.", "{\"answer\":1}");

        Assert.Equal(40 + 12 + InputBound.PerMessage, calibration.Bound(second));
        Assert.Equal(40, calibration.Bound(first));
    }

    [Fact]
    public void AnotherSessionOfTheAgent_IsHeldAtTheBilledBeginningAndTheBytesOfItsGoal()
    {
        var calibration = new InputCalibration();
        calibration.Learn(Request(new string('a', 400)), new ChatUsage(120, 0, 5));

        Assert.Equal(119 + 9 + InputBound.PerMessage, calibration.Bound(Request("Hi there!")));
        Assert.Equal(InputBound.Of(Request("x") with { Deployment = "other" }).Total, calibration.Bound(Request("x") with { Deployment = "other" }));
    }

    [Fact]
    public void Bound_LearningFromAnyHistory_IsNeverBelowWhatIsBilled()
    {
        var random = new Random(11);
        var tokensOf = new Dictionary<string, int>();
        int Tokens(string text) => tokensOf.TryGetValue(text, out var known)
            ? known : tokensOf[text] = random.Next(1, Math.Max(2, Encoding.UTF8.GetByteCount(text) + 1));
        var calibration = new InputCalibration();
        for (var session = 0; session < 300; session++)
        {
            var messages = new List<string>();
            for (var turn = 0; turn < random.Next(1, 6); turn++)
            {
                messages.Add(new string((char)('a' + random.Next(26)), random.Next(0, 60)));
                var request = Request([.. messages]);
                var billed = 7 + Tokens(Instructions) + messages.Sum(text => Tokens(text) + 4);

                Assert.True(billed <= calibration.Bound(request));
                calibration.Learn(request, new ChatUsage(billed, 0, 1));
                Assert.Equal(billed, calibration.Bound(request));
            }
        }
    }

    [Fact]
    public void ADeploymentThatCountsMoreThanItDid_IsHeldAtTheBytesAgain()
    {
        var calibration = new InputCalibration();
        var request = Request("Hello");
        calibration.Learn(request, new ChatUsage(20, 0, 1));

        calibration.Learn(request, new ChatUsage(25, 0, 1));

        Assert.Equal(InputBound.Of(request).Total, calibration.Bound(request));
        calibration.Learn(request, new ChatUsage(25, 0, 1));
        Assert.Equal(25, calibration.Bound(request));
    }

    private static ChatRequest Request(params string[] messages) => new()
    {
        SessionId = "s-1",
        Turn = 1,
        SnapshotHash = "hash",
        Purpose = ModelPurpose.Plan,
        Deployment = "gpt-test",
        Messages = [new ChatMessage(ChatRole.System, Instructions), .. messages.Select(text => new ChatMessage(ChatRole.User, text))],
        MaxOutputTokens = 100,
    };
}
