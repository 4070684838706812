using System.Text.Json;
using AgentWorkflows.Approvals;
using AgentWorkflows.AspNetCore;
using AgentWorkflows.AspNetCore.Approvals;
using AgentWorkflows.AspNetCore.Sessions;
using Xunit;

namespace AgentWorkflows.Server.Tests.Http;

public class ContractTests
{
    [Theory]
    [InlineData(0, "0.000000")]
    [InlineData(1, "0.000001")]
    [InlineData(1250, "0.001250")]
    [InlineData(1_000_000_000_001, "1000000.000001")]
    public void Usd_IsExactWithSixDigits(long micros, string json) => Assert.Equal(json, JsonSerializer.Serialize(ApiJson.Usd(micros), ApiJson.Options));

    [Fact]
    public void Started_HasEveryUrl() => Assert.Equal(
        """{"id":"s-1","statusUrl":"/api/sessions/s-1","timelineUrl":"/api/sessions/s-1/timeline","transcriptUrl":"/api/sessions/s-1/transcript","ledgerUrl":"/api/sessions/s-1/ledger","approvalsUrl":"/api/approvals?session=s-1","suspendUrl":"/api/sessions/s-1/suspend","resumeUrl":"/api/sessions/s-1/resume","terminateUrl":"/api/sessions/s-1/terminate","rollbackUrl":"/api/sessions/s-1/rollback","forkUrl":"/api/sessions/s-1/fork","forkedFrom":null,"rollback":null}""",
        JsonSerializer.Serialize(StartedResponse.For("s-1"), ApiJson.Options));

    [Fact]
    public void Approval_WritesTierAsInDefinitionsAndStatusAsItsName()
    {
        var json = JsonSerializer.SerializeToElement(ApprovalResponse.From(DecisionTests.Request(ApprovalStatus.Pending)), ApiJson.Options);

        Assert.Equal("write_risky", json.GetProperty("tier").GetString());
        Assert.Equal("Pending", json.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("decision").ValueKind);
        Assert.Equal(1042, json.GetProperty("arguments").GetProperty("order_id").GetInt32());
    }
}
