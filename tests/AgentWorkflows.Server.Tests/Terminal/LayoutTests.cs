using AgentWorkflows.Server.Terminal;
using Xunit;

namespace AgentWorkflows.Server.Tests.Terminal;

public class LayoutTests
{
    [Fact]
    public void Clean_EscapeSequences_AreWrittenOut() =>
        Assert.Equal("\\u001B[2Jpay\\u009D 10\\u202Eto\nA da\\u200B", Layout.Clean("\u001b[2Jpay\u009d 10\u202eto\nA\tda\u200b"));

    [Fact]
    public void Wrap_BreaksBetweenWords() => Assert.Equal(["one two", "three"], Layout.Wrap("one two three", 9));

    [Fact]
    public void Wrap_WordLongerThanALine_IsCut() => Assert.Equal(["abcd", "ef"], Layout.Wrap("abcdef", 4));

    [Theory]
    [InlineData(0.4, "<1 ms")]
    [InlineData(12, "12 ms")]
    [InlineData(1500, "1.5 s")]
    [InlineData(61_000, "1 m 01 s")]
    [InlineData(3_660_000, "1 h 01 m")]
    [InlineData(90_000_000, "1 d 1 h")]
    public void Duration_HasOneShape(double milliseconds, string text) => Assert.Equal(text, Layout.Duration(milliseconds));
}
