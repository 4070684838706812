using System.Text.Json;
using AgentWorkflows.Tools;
using Xunit;

namespace AgentWorkflows.Tests.Tools;

public sealed class ResultOrderTests
{
    [Fact]
    public void TheSameFacts_InAnyOrder_ReadTheSame()
    {
        var one = JsonElement.Parse("""{"orders":[{"id":2,"x":[3,1]},{"x":[3,1],"id":1}],"page":{"tags":["b","a"]}}""");
        var other = JsonElement.Parse("""{"orders":[{"id":1,"x":[3,1]},{"id":2,"x":[3,1]}],"page":{"tags":["a","b"]}}""");

        var ordered = ResultOrder.Apply(one, ["orders", "page.tags", "nothing.here"]);

        Assert.True(JsonElement.DeepEquals(ordered, ResultOrder.Apply(other, ["orders", "page.tags"])));
        Assert.Equal(1, ordered.GetProperty("orders")[0].GetProperty("id").GetInt32());
        Assert.Equal("[3,1]", ordered.GetProperty("orders")[0].GetProperty("x").GetRawText());
    }

    [Fact]
    public void WithoutPaths_NothingIsTouched()
    {
        var result = JsonElement.Parse("""["b","a"]""");

        Assert.Equal("""["b","a"]""", ResultOrder.Apply(result, []).GetRawText());
        Assert.Equal("""["a","b"]""", ResultOrder.Apply(result, ["$"]).GetRawText());
    }
}
