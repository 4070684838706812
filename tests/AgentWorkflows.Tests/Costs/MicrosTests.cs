using System.Text.Json;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Tests.Costs;

public sealed class MicrosTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1_500_000, "1500000")]
    [InlineData(-7, "-7")]
    public void An_amount_is_a_plain_integer_in_json_and_as_text(long value, string text)
    {
        Micros amount = value;

        Assert.Equal(text, JsonSerializer.Serialize(amount));
        Assert.Equal(amount, JsonSerializer.Deserialize<Micros>(text));
        Assert.Equal(text, amount.ToString());
    }

    [Fact]
    public void Sums_that_do_not_fit_are_refused_instead_of_wrapping()
    {
        Assert.Throws<OverflowException>(() => Micros.MaxValue + 1);
        Assert.Throws<OverflowException>(() => new[] { Micros.MaxValue, Micros.MaxValue }.Sum());
        Assert.Throws<OverflowException>(() => Micros.MaxValue * 2);
        Assert.Throws<OverflowException>(() => Micros.OfUsd(decimal.MaxValue / 1_000_000m));
    }

    [Fact]
    public void Usd_is_exact_and_what_is_below_a_micro_usd_is_cut_off()
    {
        Assert.Equal(0.000001m, new Micros(1).Usd);
        Assert.Equal(new Micros(1_234_567), Micros.OfUsd(1.2345679m));
    }
}
