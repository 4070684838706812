using System.Diagnostics;
using System.Text.Json;
using AgentWorkflows.Models;
using Xunit;

namespace AgentWorkflows.Tests.Planning;

public sealed class WindowCheckTests
{
    [Theory]
    [InlineData("Hello, world!", 4)]
    [InlineData("The order arrived broken, refund it and tell the customer.", 12)]
    [InlineData("注文が壊れて届きました", 8)]
    [InlineData("1234567890", 4)]
    public void Tokens_AreThoseOfO200k(string text, int tokens) => Assert.Equal(tokens, WindowCheck.Count([text], int.MaxValue));

    [Fact]
    public void ARequest_FitsAWindow_ThatHoldsItsTokensAndItsAnswer()
    {
        // 1,000 tokens, of which the old four characters a token would have seen 250.
        var request = Request(string.Concat(Enumerable.Repeat("注", 1_000)));

        Assert.True(WindowCheck.Fits(request, 1_120));
        Assert.False(WindowCheck.Fits(request, 1_050));
    }

    [Fact]
    public void ARequestOfFewBytes_FitsWithoutAnyCounting() => Assert.True(WindowCheck.Fits(Request("Hello"), 113));

    [Fact]
    public void AnAnswerLongerThanTheWindow_FitsNowhere() => Assert.False(WindowCheck.Fits(Request(""), 100));

    [Fact]
    public void ToolsAndTheAnswersSchema_Count()
    {
        var words = JsonElement.Parse($$"""{"description": "{{string.Join(' ', Enumerable.Repeat("order", 500))}}"}""");

        Assert.False(WindowCheck.Fits(Request("") with { Tools = [new("get_order", "", words)] }, 500));
        Assert.False(WindowCheck.Fits(Request("") with { ResponseSchema = words }, 500));
        Assert.True(WindowCheck.Fits(Request("") with { Tools = [new("get_order", "", words)], ResponseSchema = words }, 1_200));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("あ")]
    [InlineData("0")]
    [InlineData("😀")]
    public void TextThatNobodyWrote_IsCountedInTime(string run)
    {
        var watch = Stopwatch.StartNew();

        Assert.False(WindowCheck.Fits(Request(string.Concat(Enumerable.Repeat(run, 4_000_000))), 100_000));

        // Without cuts and without an end, this takes hours.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(5));
    }

    private static ChatRequest Request(string text) => new()
    {
        SessionId = "s",
        Turn = 1,
        SnapshotHash = "h",
        Purpose = ModelPurpose.Plan,
        Deployment = "m",
        Messages = [new ChatMessage(ChatRole.User, text)],
        MaxOutputTokens = 100,
    };
}
