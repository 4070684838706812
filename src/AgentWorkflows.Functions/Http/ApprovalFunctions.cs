using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using static Microsoft.Azure.Functions.Worker.AuthorizationLevel;

namespace AgentWorkflows.Functions.Http;

/// <summary>Approvals: the inbox, and the pages behind the links in messages.</summary>
public sealed class ApprovalFunctions(ApiEntry api)
{
    [Function("ListApprovals")]
    public IResult ListApprovals(
        [HttpTrigger(Anonymous, "get", Route = "api/approvals")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("GetApproval")]
    public IResult GetApproval(
        [HttpTrigger(Anonymous, "get", Route = "api/approvals/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("DecideApproval")]
    public IResult DecideApproval(
        [HttpTrigger(Anonymous, "post", Route = "api/approvals/{id}/decision")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("ShowApprovalPage")]
    public IResult ShowApprovalPage(
        [HttpTrigger(Anonymous, "get", Route = "approve/{token}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("DecideOnApprovalPage")]
    public IResult DecideOnApprovalPage(
        [HttpTrigger(Anonymous, "post", Route = "approve/{token}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);
}
