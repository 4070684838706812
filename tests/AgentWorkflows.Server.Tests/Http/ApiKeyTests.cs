using System.Security.Cryptography;
using System.Text;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Server.Hosting;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace AgentWorkflows.Server.Tests.Http;

public class ApiKeyTests
{
    private static readonly string Hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("secret")));

    [Fact]
    public void Read_WhenValid_HasRolesAndUser()
    {
        var (keys, problems) = Read(("Name", "ci"), ("Hash", Hash), ("Roles", "start, read"), ("User", "u-1"));

        Assert.Empty(problems);
        var key = Assert.Single(keys);
        Assert.Equal((ApiRoles.Start | ApiRoles.Read, "u-1"), (key.Roles, key.User));
    }

    [Fact]
    public void Read_WhenAllIsWrong_NamesEveryKeyAndRepeatsNoSecret()
    {
        var (keys, problems) = Read(("Name", "a b"), ("Hash", "my-plain-key"), ("Roles", "admin"));

        Assert.Empty(keys);
        Assert.Equal(4, problems.Count);
        Assert.DoesNotContain(problems, problem => problem.Contains("my-plain-key", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("ApiKeys:0:Hash ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("secret", true)]
    [InlineData("Secret", false)]
    [InlineData("secret ", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Find_OnlyTheExactKey(string? presented, bool found)
    {
        var ring = new ApiKeyRing(Read(("Name", "ci"), ("Hash", Hash), ("Roles", "start"), ("User", "u-1")).Keys);

        Assert.Equal(found, ring.Find(presented) is not null);
    }

    [Fact]
    public void Find_TheHashItself_IsNoKey()
    {
        var ring = new ApiKeyRing(Read(("Name", "ci"), ("Hash", Hash), ("Roles", "start"), ("User", "u-1")).Keys);

        Assert.Null(ring.Find(Hash));
    }

    [Theory]
    [InlineData("http://localhost:7071", false, true)]
    [InlineData("http://127.0.0.1:0;http://[::1]:7071", false, true)]
    [InlineData("http://0.0.0.0:7071", false, false)]
    [InlineData("http://*:7071", false, false)]
    [InlineData("http://+:7071", false, false)]
    [InlineData("http://[::]:7071", false, false)]
    [InlineData("http://localhost.example.org:7071", false, false)]
    [InlineData("http://localhost:7071;http://10.0.0.1:7071", false, false)]
    [InlineData("http://unix:/tmp/a.sock", false, false)]
    [InlineData("http://0.0.0.0:7071", true, true)]
    [InlineData("ftp://localhost", true, false)]
    [InlineData("localhost", true, false)]
    [InlineData("", true, false)]
    public void Check_OffLoopback_NeedsKeys(string urls, bool keys, bool allowed) => Assert.Equal(allowed, Binding.Check(urls, keys) is null);

    private static (IReadOnlyList<ApiKey> Keys, IReadOnlyList<string> Problems) Read(params (string Name, string Value)[] values) =>
        ApiKey.Read(new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(pair => KeyValuePair.Create($"ApiKeys:0:{pair.Name}", (string?)pair.Value))).Build());
}
