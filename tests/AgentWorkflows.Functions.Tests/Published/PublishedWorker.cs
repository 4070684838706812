using System.Security.Cryptography;
using System.Text;
using AgentWorkflows.TestSupport;
using AgentWorkflows.WorkerProtocol;

namespace AgentWorkflows.Functions.Tests.Published;

/// <summary>The worker of the published folder, with the settings of a deployed app.</summary>
internal static class PublishedWorker
{
    public const string ApiKey = "operator";

    /// <summary>A storage account that nobody can reach: nothing listens on that port.</summary>
    public const string NoStorage = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:1/a;";

    public static Task<FunctionsWorker> StartAsync(string storage, CancellationToken cancellationToken, params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = storage,
            ["AgentWorkflows__TablePrefix"] = "published",
            ["AGENTWORKFLOWS_APPROVAL_KEYS"] = "k1:" + Convert.ToBase64String(new byte[32]),
            ["ApiKeys__0__Name"] = "ops",
            ["ApiKeys__0__Hash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ApiKey))),
            ["ApiKeys__0__Roles"] = "operate",
            ["ApiKeys__0__User"] = "ops@example.com",
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }
        return FunctionsWorker.StartAsync(PublishedApp.Folder, PublishedApp.Worker, all, cancellationToken);
    }

    /// <summary>A request through a function, with the key or without.</summary>
    public static async Task<(int Status, string Body, string InvocationId)> GetAsync(
        this FunctionsWorker worker, string function, string path, CancellationToken cancellationToken, string? key = ApiKey)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (key is not null)
        {
            request.Headers.Add("X-Api-Key", key);
        }
        var (response, answer) = await worker.SendAsync(function, request, new Dictionary<string, string>(), cancellationToken);
        using (response)
        {
            return answer.Failure is null
                ? ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken), answer.InvocationId)
                : throw new InvalidOperationException(answer.Failure);
        }
    }
}
