using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace AgentWorkflows.Server.Tests.Http;

/// <summary>What tests do to a server over its API before they look at it.</summary>
internal static class TestServerActions
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    public static async Task StartSessionAsync(this TestServer server, string id, string goal, string user = "u-1")
    {
        var response = await server.Http.PostAsJsonAsync("api/sessions", new
        {
            agent = "order-desk",
            goal,
            context = new { project_id = "demo", user_id = user, budget_limit = 1.0, task_priority = "normal" },
            taskType = "refund",
            sessionId = id,
        });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    /// <summary>Approves the next request for a tool as soon as it is there.</summary>
    public static async Task ApproveAsync(this TestServer server, string id, string tool)
    {
        using var poll = new PeriodicTimer(Glance);
        while (await poll.WaitForNextTickAsync())
        {
            var found = await server.Http.GetFromJsonAsync<JsonElement>($"api/approvals?session={id}&status=Pending");
            foreach (var approval in found.GetProperty("approvals").EnumerateArray().Where(each => each.GetProperty("tool").GetString() == tool))
            {
                var response = await server.Http.PostAsJsonAsync(
                    $"api/approvals/{approval.GetProperty("id").GetString()}/decision",
                    new { decision = "approve", argumentsHash = approval.GetProperty("argumentsHash").GetString(), approver = "ada" });
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                return;
            }
        }
    }
}
