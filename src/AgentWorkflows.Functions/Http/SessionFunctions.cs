using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using static Microsoft.Azure.Functions.Worker.AuthorizationLevel;

namespace AgentWorkflows.Functions.Http;

/// <summary>Sessions, as they are read.</summary>
public sealed class SessionFunctions(ApiEntry api)
{
    [Function("ListSessions")]
    public IResult ListSessions(
        [HttpTrigger(Anonymous, "get", Route = "api/sessions")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("CountSessions")]
    public IResult CountSessions(
        [HttpTrigger(Anonymous, "get", Route = "api/counts")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("GetSession")]
    public IResult GetSession(
        [HttpTrigger(Anonymous, "get", Route = "api/sessions/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("GetTimeline")]
    public IResult GetTimeline(
        [HttpTrigger(Anonymous, "get", Route = "api/sessions/{id}/timeline")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("GetTranscript")]
    public IResult GetTranscript(
        [HttpTrigger(Anonymous, "get", Route = "api/sessions/{id}/transcript")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("GetState")]
    public IResult GetState(
        [HttpTrigger(Anonymous, "get", Route = "api/sessions/{id}/state")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("GetLimits")]
    public IResult GetLimits(
        [HttpTrigger(Anonymous, "get", Route = "api/sessions/{id}/limits")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("FollowSession")]
    public IResult FollowSession(
        [HttpTrigger(Anonymous, "get", Route = "api/sessions/{id}/events")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("Follow")]
    public IResult Follow(
        [HttpTrigger(Anonymous, "get", Route = "api/events")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("GetLedger")]
    public IResult GetLedger(
        [HttpTrigger(Anonymous, "get", Route = "api/sessions/{id}/ledger")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("GetRollback")]
    public IResult GetRollback(
        [HttpTrigger(Anonymous, "get", Route = "api/sessions/{id}/rollback")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("ReplaySession")]
    public IResult ReplaySession(
        [HttpTrigger(Anonymous, "get", Route = "api/sessions/{id}/replay")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);
}
