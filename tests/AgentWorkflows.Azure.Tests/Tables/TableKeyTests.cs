using AgentWorkflows.Azure.Tables;
using Xunit;

namespace AgentWorkflows.Azure.Tests.Tables;

[NoStorage]
public sealed class TableKeyTests
{
    [Theory]
    [InlineData("3/act/refund/1", "3~2Fact~2Frefund~2F1")]
    [InlineData("s-1.2_x:y", "s-1.2_x:y")]
    [InlineData("a|b~c'd", "a~7Cb~7Ec~27d")]
    [InlineData("é🚀", "~C3~A9~F0~9F~9A~80")]
    [InlineData("#?\\\u0001\u007f", "~23~3F~5C~01~7F")]
    public void Escape_KeepsWhatAKeyMayHave(string text, string key) => Assert.Equal(key, TableKey.Escape(text));

    [Fact]
    public void Escape_GivesDifferentTextsDifferentKeys()
    {
        string[] texts = ["a/b", "a~2Fb", "a~2fb", "a|b", "a b", "ab", "A/B"];

        Assert.Equal(texts.Length, texts.Select(TableKey.Escape).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Descending_OfTexts_SortsThemDownwards()
    {
        string[] texts = ["s", "s-1", "s-10", "s-2", "S-1", "s_1", "t", "é", "z", "s-1/2"];

        Assert.Equal(
            texts.OrderDescending(StringComparer.Ordinal),
            texts.OrderBy(TableKey.Descending, StringComparer.Ordinal));
    }

    [Fact]
    public void Descending_OfTimes_SortsThemDownwards()
    {
        var noon = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
        DateTimeOffset[] times = [noon, noon.AddTicks(1), noon.AddDays(400), noon.AddYears(-30), noon.AddHours(-1)];

        Assert.Equal(times.OrderDescending(), times.OrderBy(TableKey.Descending, StringComparer.Ordinal));
    }
}
