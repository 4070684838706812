using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using static Microsoft.Azure.Functions.Worker.AuthorizationLevel;

namespace AgentWorkflows.Functions.Http;

/// <summary>Reports, agents, tools, health, and the description of the API.</summary>
public sealed class OperationFunctions(ApiEntry api)
{
    [Function("GetReadiness")]
    public IResult GetReadiness(
        [HttpTrigger(Anonymous, "get", Route = "api/readiness")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("GetDailyReport")]
    public IResult GetDailyReport(
        [HttpTrigger(Anonymous, "get", Route = "api/reports/daily")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("ListAgents")]
    public IResult ListAgents(
        [HttpTrigger(Anonymous, "get", Route = "api/agents")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("ListTools")]
    public IResult ListTools(
        [HttpTrigger(Anonymous, "get", Route = "api/tools")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("GetOpenApi")]
    public IResult GetOpenApi(
        [HttpTrigger(Anonymous, "get", Route = "openapi/v1.json")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("GetHealth")]
    public IResult GetHealth(
        [HttpTrigger(Anonymous, "get", Route = "api/health")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("Live")]
    public IResult Live(
        [HttpTrigger(Anonymous, "get", Route = "health/live")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("Ready")]
    public IResult Ready(
        [HttpTrigger(Anonymous, "get", Route = "health/ready")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);
}
