using System.Text.Json;
using AgentWorkflows.AspNetCore.Bodies;
using AgentWorkflows.AspNetCore.Sessions;
using AgentWorkflows.Sessions;
using Xunit;

namespace AgentWorkflows.Server.Tests.Http;

public class BodyReaderTests
{
    private const string Valid = """
        {"agent":"order-desk","goal":"Refund order 1042","context":{"project_id":"demo","user_id":"u-1","budget_limit":1.0,"task_priority":"normal"},
         "taskType":"refund","limits":{"maxCostUsd":0.5},"sessionId":"s-1"}
        """;

    [Fact]
    public void Read_WhenValid_HasEverything()
    {
        var (request, problems) = Read(Valid);

        Assert.Empty(problems);
        Assert.Equal("order-desk", request!.Agent);
        Assert.Equal("refund", request.TaskType);
        Assert.Equal(0.5m, request.Limits.MaxCostUsd);
        Assert.Null(request.Limits.MaxTokens);
        Assert.Equal("s-1", request.SessionId);
        Assert.Equal("u-1", request.Context.GetProperty("user_id").GetString());
    }

    [Fact]
    public void Read_WhenSeveralThingsAreWrong_ReportsAllWithPaths()
    {
        var (request, problems) = Read("""{"agent":7,"goal":"  ","context":[],"limits":{"maxCostUsd":"1","maxTokens":1.5,"maxMoney":2},"sessionId":"a b","a.b":1}""");

        Assert.Null(request);
        Assert.Equal(
            [
                ("empty_value", "$.goal"), ("invalid_value", "$.limits.maxTokens"), ("invalid_value", "$.sessionId"), ("unknown_field", "$.limits.maxMoney"),
                ("unknown_field", "$['a.b']"), ("wrong_type", "$.agent"), ("wrong_type", "$.context"), ("wrong_type", "$.limits.maxCostUsd"),
            ],
            problems.Select(p => (p.Code, p.Path)).Order());
    }

    [Fact]
    public void Read_WhenEmptyObject_NamesEveryMissingField()
    {
        var (_, problems) = Read("{}");

        Assert.Equal(["$.agent", "$.goal", "$.context"], problems.Select(p => p.Path));
        Assert.All(problems, p => Assert.Equal("missing_field", p.Code));
    }

    [Theory]
    [InlineData("[]", "wrong_type", "$")]
    [InlineData("null", "wrong_type", "$")]
    [InlineData("""{"agent":"a","goal":"g","context":{},"agent":"b"}""", "duplicate_field", "$.agent")]
    [InlineData("""{"agent":"a","goal":"g","context":{"x":[{"y":1,"y":2}]}}""", "duplicate_field", "$.context.x[0].y")]
    [InlineData("""{"agent":"a","goal":"\ud800","context":{}}""", "invalid_text", "$.goal")]
    [InlineData("""{"agent":"a","goal":"g","context":{},"limits":{"maxCostUsd":1e400}}""", "invalid_value", "$.limits.maxCostUsd")]
    [InlineData("""{"agent":null,"goal":"g","context":{}}""", "wrong_type", "$.agent")]
    [InlineData("""{"agent":"a","goal":"g","context":{},"sessionId":"s-1\n"}""", "invalid_value", "$.sessionId")]
    public void Read_WhenWrong_SaysWhatAndWhere(string json, string code, string path)
    {
        var (request, problems) = Read(json);

        Assert.Null(request);
        var problem = Assert.Single(problems);
        Assert.Equal((code, path), (problem.Code, problem.Path));
    }

    [Theory]
    [InlineData(8000, true)]
    [InlineData(8001, false)]
    public void Read_GoalLength_IsBounded(int length, bool accepted)
    {
        var (request, problems) = Read("{\"agent\":\"a\",\"goal\":\"" + new string('g', length) + "\",\"context\":{}}");

        Assert.Equal(accepted, request is not null);
        Assert.Equal(accepted ? [] : ["too_long"], problems.Select(p => p.Code));
    }

    [Fact]
    public void Read_OptionalNull_CountsAsAbsent()
    {
        var (request, problems) = Read("""{"agent":"a","goal":"g","context":{},"taskType":null,"limits":null,"sessionId":null}""");

        Assert.Empty(problems);
        Assert.Equal("general", request!.TaskType);
        Assert.Null(request.SessionId);
    }

    [Fact]
    public void Child_WhenNameHasQuotes_IsEscaped() => Assert.Equal(@"$['it\'s']", JsonCheck.Child("$", "it's"));

    private static (StartSessionRequest? Request, List<RequestProblem> Problems) Read(string json)
    {
        var problems = new List<RequestProblem>();
        return (StartSessionBody.Read(JsonElement.Parse(json), problems), problems);
    }
}
