using System.Text.Json;
using AgentWorkflows.Connectors.Http;
using AgentWorkflows.Connectors.OpenApi;
using AgentWorkflows.Tools.Sources;
using Xunit;

namespace AgentWorkflows.Tests.Connectors.Http;

public sealed class HttpTemplateTests
{
    private static readonly HttpToolSettings Settings = new("notify")
    {
        Method = "POST",
        Url = "https://hooks.example.com/${HOOK}/rooms/{room}/notify?who={who}&fixed=1",
        Headers = new SortedDictionary<string, string> { ["X-Team"] = "{team} of ${HOOK}" },
        Body = JsonElement.Parse("""{"text": "Room {room}, says {who}: {{free}}", "count": "{count}", "room": "{room}", "list": ["{count}", 1], "fixed": true}"""),
        Arguments = JsonElement.Parse(
            """{"type":"object","properties":{"room":{"type":"string"},"who":{"type":"string"},"team":{"type":"string"},"count":{"type":"integer"}},"required":["room","team"]}"""),
    };

    [Fact]
    public void Arguments_stand_where_their_names_do_and_what_is_not_given_is_left_out()
    {
        var request = Fill("""{"room": "7", "team": "blue", "count": 3}""");

        Assert.Equal("https://hooks.example.com/T0/B1/rooms/7/notify?fixed=1", request.Address.AbsoluteUri);
        Assert.Equal(("X-Team", "blue of T0/B1"), Assert.Single(request.Headers));
        Assert.Equal("""{"text":"Room 7, says : {free}","count":3,"room":"7","list":[3,1],"fixed":true}""", System.Text.Encoding.UTF8.GetString(request.Body!));
        Assert.Equal("""{"text":"Room 7, says : {free}","room":"7","list":[1],"fixed":true}""", System.Text.Encoding.UTF8.GetString(Fill("""{"room": "7", "team": "blue"}""").Body!));
    }

    [Theory]
    [InlineData("../admin")]
    [InlineData("7/../../admin")]
    [InlineData("7?who=root")]
    [InlineData("7#x")]
    [InlineData("7%2f..%2fadmin")]
    [InlineData("\\..\\admin")]
    [InlineData("7;x=1")]
    [InlineData("7\r\nX: y")]
    [InlineData("${HOOK}")]
    [InlineData("{who}")]
    public void A_value_stays_in_its_segment_its_parameter_and_its_text(string value)
    {
        var request = Fill(JsonSerializer.Serialize(new { room = value, team = "t", who = value + "&admin=1" }));

        Assert.Equal($"/T0/B1/rooms/{Uri.EscapeDataString(value)}/notify", request.Address.AbsolutePath);
        Assert.Equal($"?who={Uri.EscapeDataString(value + "&admin=1")}&fixed=1", request.Address.Query);
        var body = JsonElement.Parse(request.Body!);
        Assert.Equal(value, body.GetProperty("room").GetString());
        Assert.Equal($"Room {value}, says {value}&admin=1: {{free}}", body.GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("""{"room": "..", "team": "t"}""")]
    [InlineData("""{"room": ".", "team": "t"}""")]
    [InlineData("""{"room": "", "team": "t"}""")]
    [InlineData("""{"room": "7", "team": "a\r\nX-Admin: 1"}""")]
    [InlineData("""{"room": "7", "team": "é"}""")]
    public void A_value_that_would_change_path_or_headers_is_refused(string arguments) => Assert.Throws<UnfitValueException>(() => Fill(arguments));

    [Theory]
    [InlineData("https://{room}.example.com/", "url")]
    [InlineData("https://user@example.com/{room}", "url")]
    [InlineData("https://example.com/{other}", "url")]
    [InlineData("https://example.com/{room}#{who}", "url")]
    [InlineData("https://example.com/{who}", "url")]
    [InlineData("example.com/{room}", "url")]
    public void A_template_that_could_not_be_filled_or_leads_elsewhere_is_a_problem_at_load(string url, string key) =>
        Assert.Contains(HttpTemplateRules.FindProblems(Settings with { Url = url }), problem => problem.Key == key);

    [Fact]
    public void A_good_template_has_no_problems() => Assert.Empty(HttpTemplateRules.FindProblems(Settings));

    private static OutsideRequest Fill(string arguments) => HttpTemplate.Fill(Settings, JsonElement.Parse(arguments), name => name == "HOOK" ? "T0/B1" : null);
}
