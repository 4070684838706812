using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using static Microsoft.Azure.Functions.Worker.AuthorizationLevel;

namespace AgentWorkflows.Functions.Http;

/// <summary>Sessions, as they are started and steered.</summary>
public sealed class SessionCommandFunctions(ApiEntry api)
{
    [Function("StartSession")]
    public IResult StartSession(
        [HttpTrigger(Anonymous, "post", Route = "api/sessions")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("SuspendSession")]
    public IResult SuspendSession(
        [HttpTrigger(Anonymous, "post", Route = "api/sessions/{id}/suspend")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("ResumeSession")]
    public IResult ResumeSession(
        [HttpTrigger(Anonymous, "post", Route = "api/sessions/{id}/resume")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("TerminateSession")]
    public IResult TerminateSession(
        [HttpTrigger(Anonymous, "post", Route = "api/sessions/{id}/terminate")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("ForkSession")]
    public IResult ForkSession(
        [HttpTrigger(Anonymous, "post", Route = "api/sessions/{id}/fork")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("RateSession")]
    public IResult RateSession(
        [HttpTrigger(Anonymous, "post", Route = "api/sessions/{id}/feedback")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("RollBackSession")]
    public IResult RollBackSession(
        [HttpTrigger(Anonymous, "post", Route = "api/sessions/{id}/rollback")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);

    [Function("Execute")]
    public IResult Execute(
        [HttpTrigger(Anonymous, "post", Route = "execute")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        api.Answer(client);
}
