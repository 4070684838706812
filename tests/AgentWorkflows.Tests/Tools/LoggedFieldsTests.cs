using System.Text.Json;
using AgentWorkflows.Screening;
using AgentWorkflows.Tools;
using Xunit;

namespace AgentWorkflows.Tests.Tools;

public sealed class LoggedFieldsTests
{
    private const string Order =
        """{"id":7,"customer":{"id":"c-1","name":"Anna"},"lines":[{"sku":"a","price":19.9},{"sku":"b","price":5}],"tags":["vip"],"note":null}""";

    [Theory]
    [InlineData("id", """{"id":7,"customer":"(not logged)","lines":"(not logged)","tags":"(not logged)","note":"(not logged)"}""")]
    [InlineData("customer.id", """{"id":"(not logged)","customer":{"id":"c-1","name":"(not logged)"},"lines":"(not logged)","tags":"(not logged)","note":"(not logged)"}""")]
    [InlineData("lines.sku", """{"id":"(not logged)","customer":"(not logged)","lines":[{"sku":"a","price":"(not logged)"},{"sku":"b","price":"(not logged)"}],"tags":"(not logged)","note":"(not logged)"}""")]
    [InlineData("customer", """{"id":"(not logged)","customer":{"id":"c-1","name":"Anna"},"lines":"(not logged)","tags":"(not logged)","note":"(not logged)"}""")]
    [InlineData("$", Order)]
    public void OnlyListedFields_AreKept(string field, string kept) => Assert.Equal(kept, Logged(Order, field));

    [Fact]
    public void AContractThatListsNone_KeepsEverything() => Assert.Equal(Order, Logged(Order));

    [Theory]
    [InlineData("\"text\"", "\"(not logged)\"")]
    [InlineData("42", "\"(not logged)\"")]
    [InlineData("""[{"id":1,"name":"x"}]""", """[{"id":1,"name":"(not logged)"}]""")]
    public void AResultThatIsNoObject_IsNotLoggedEither(string value, string kept) => Assert.Equal(kept, Logged(value, "id"));

    [Fact]
    public void ATextLosesTheValuesThatAreNotLogged_AndKeepsTheOthers()
    {
        var arguments = JsonSerializer.Deserialize<JsonElement>("""{"order_id":1042,"to":"Anna Bell","body":"Anna Bell, your parcel","n":12}""");

        Assert.Equal(
            "Order 1042: (not logged) of 12 lines to (not logged) failed.",
            LoggedFields.Text(Contract("order_id").LogFields, "Order 1042: Anna Bell, your parcel of 12 lines to ANNA BELL failed.", arguments));
    }

    private static string Logged(string json, params string[] fields) =>
        LoggedFields.Of(Contract(fields).LogFields, JsonSerializer.Deserialize<JsonElement>(json))!.Value.GetRawText();

    private static ToolContract Contract(params string[] fields) => new()
    {
        Name = "get_order",
        Implementation = "get_order",
        Description = "Reads an order.",
        LogFields = fields,
        Parameters = JsonSerializer.Deserialize<JsonElement>("{}"),
    };
}
