using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentWorkflows.Approvals;
using AgentWorkflows.Approvals.Links;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Connectors.Notifications;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Server.Tests.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentWorkflows.Server.Tests.Approvals;

/// <summary>Who sees and decides what over the API, and what the configuration lets in.</summary>
public sealed class ApprovalAccessTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task AKey_SeesItsUsersOwnAndWhatWaitsForThem_AndDecidesInItsOwnName()
    {
        await using var server = await TestServer.StartAsync(
            services => TestServer.ChangeAgents(services, agent => DeadlineTests.WithTerms(agent, new ApprovalTerms { Approvers = ["desk"] })),
            Key("starter", "u-1", ApiRoles.Start | ApiRoles.Read), Key("ann", "Ann", ApiRoles.Approve), Key("eve", "eve", ApiRoles.Approve),
            Key("stranger", "u-2", ApiRoles.Read), Key("gateway", "bot", ApiRoles.Approve | ApiRoles.Operate));
        Use(server, "starter");
        var asked = await ApprovalPageTests.AskAsync(server);

        foreach (var (key, seen) in new[] { ("starter", 1), ("ann", 1), ("eve", 0), ("stranger", 0), ("gateway", 1) })
        {
            Use(server, key);
            var list = await server.Http.GetFromJsonAsync<JsonElement>("api/approvals?status=pending");
            Assert.Equal((key, seen), (key, list.GetProperty("approvals").GetArrayLength()));
            Assert.Equal(seen == 1 ? HttpStatusCode.OK : HttpStatusCode.NotFound, (await server.Http.GetAsync(new Uri($"api/approvals/{asked.Id}", UriKind.Relative))).StatusCode);
        }
        Assert.Equal((403, "forbidden"), await DecideAsync(server, "starter", asked, "u-1"));
        Assert.Equal((404, "approval_not_found"), await DecideAsync(server, "eve", asked, "eve"));
        Assert.Equal((403, "approver_mismatch"), await DecideAsync(server, "ann", asked, "bo"));
        Assert.Equal((403, "not_an_approver"), await DecideAsync(server, "gateway", asked, "eve"));
        Assert.Equal((200, ""), await DecideAsync(server, "gateway", asked, "bo"));

        var decision = (await server.Services.GetRequiredService<IApprovalStore>().GetAsync(asked.Id, default))!.Decision!;
        Assert.Equal(("bo", "api:gateway"), (decision.Approver, decision.Via));
    }

    [Theory]
    [InlineData("http://0.0.0.0:7071")]
    [InlineData("http://*:7071")]
    [InlineData("http://[::]:7071")]
    [InlineData("http://192.168.1.5:7071")]
    [InlineData("http://agents.example.com")]
    [InlineData("http://localhost:7071;http://0.0.0.0:7072")]
    [InlineData("http://localhost.example.com:7071")]
    public void AnAddressOtherMachinesReach_IsRefusedWithoutKeys(string urls)
    {
        Assert.Contains("no API keys are configured", Binding.Check(urls, hasKeys: false), StringComparison.Ordinal);
        Assert.Null(Binding.Check(urls, hasKeys: true));
    }

    [Theory]
    [InlineData("Notifications:Smtp:Host", "", "Notifications:Smtp:Host must be the name of a mail server.")]
    [InlineData("Notifications:Smtp:Port", "0", "Notifications:Smtp:Port must be 1 to 65535")]
    [InlineData("Notifications:Smtp:From", "nobody", "Notifications:Smtp:From must be a mail address")]
    [InlineData("Notifications:Smtp:To:0", "every one", "Notifications:Smtp:To: 'every one' is not a mail address.")]
    [InlineData("Notifications:Smtp:Tls", "maybe", "Notifications:Smtp:Tls must be true (TLS from the first byte on port 465, else STARTTLS), starttls, implicit or false.")]
    [InlineData("Notifications:Smtp:Tls", "false", "would send the password in the clear")]
    [InlineData("Notifications:Teams:0:Url", "http://teams.example.com/s3cr3t", "Notifications:Teams:0:Url must be an https address")]
    [InlineData("Notifications:Slack:0:Url", "s3cr3t", "Notifications:Slack:0:Url must be an https address")]
    [InlineData("Notifications:Webhooks:0:Secret", "s3cr3t", "Notifications:Webhooks:0:Secret must have 24 to 64 random bytes")]
    [InlineData("Notifications:Teams:1:Name", "desk", "Notifications: the name 'desk' is used 2 times")]
    [InlineData("Notifications:Pager:Url", "https://example.com", "Notifications:Pager is not known. Known: Smtp, Teams, Slack, Webhooks.")]
    public void ASettingThatCannotWork_IsNamed_AndNoSecretIsRepeated(string key, string value, string problem)
    {
        var values = new Dictionary<string, string?>
        {
            ["Notifications:Smtp:Host"] = "mail.example.com",
            ["Notifications:Smtp:From"] = "agents@example.com",
            ["Notifications:Smtp:User"] = "agents",
            ["Notifications:Smtp:Password"] = "s3cr3t",
            ["Notifications:Teams:0:Url"] = "https://teams.example.com/s3cr3t",
            ["Notifications:Teams:1:Url"] = "https://teams.example.com/s3cr3t",
            ["Notifications:Webhooks:0:Name"] = "desk",
            ["Notifications:Webhooks:0:Url"] = "https://example.com/s3cr3t",
            ["Notifications:Webhooks:0:Secret"] = Convert.ToBase64String(new byte[32]),
        };
        Assert.Empty(NotificationSettings.Read(Configured(values)).Problems);
        values[key] = value;

        var problems = NotificationSettings.Read(Configured(values)).Problems;

        Assert.Contains(problem, Assert.Single(problems), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", problems[0], StringComparison.Ordinal);
    }

    [Fact]
    public void TheKeysOfLinks_AreMadeOnceAndReadableByTheirOwnerOnly()
    {
        var folder = Directory.CreateTempSubdirectory("agentworkflows-");
        try
        {
            var first = ApprovalKeys.Open(folder.FullName);
            var second = ApprovalKeys.Open(folder.FullName);

            Assert.Equal(first.Keys[0].Secret.ToArray(), second.Keys[0].Secret.ToArray());
            var file = Assert.Single(folder.GetFiles());
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("APPROVAL_KEYS", "AGENTWORKFLOWS_APPROVAL_KEYS")]
    [InlineData("ApprovalKeys", "ApprovalKeys")]
    public void KeysOfLinksThatAreWrong_AreToldByTheirSetting_AndNotRepeated(string key, string name)
    {
        var problem = Assert.Single(ApprovalKeySettings.Read(Configured(new() { [key] = "s3cr3t" })).Problems);

        Assert.Equal($"{name}: Key 1 must be ID:BASE64, the id 1 to 32 letters, digits, '.', '_' or '-'.", problem);
    }

    private static IConfigurationRoot Configured(Dictionary<string, string?> values) => new ConfigurationBuilder().AddInMemoryCollection(values).Build();

    private static ApiKey Key(string key, string user, ApiRoles roles) => new(key, SHA256.HashData(Encoding.UTF8.GetBytes(key)), roles, user);

    private static void Use(TestServer server, string key) => server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

    private static async Task<(int Status, string Code)> DecideAsync(TestServer server, string key, ApprovalRequest asked, string approver)
    {
        Use(server, key);
        var response = await server.Http.PostAsJsonAsync(
            $"api/approvals/{asked.Id}/decision", new { decision = "approve", argumentsHash = asked.ArgumentsHash, approver });
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        return ((int)response.StatusCode, body.TryGetProperty("code", out var code) ? code.GetString()! : "");
    }
}
