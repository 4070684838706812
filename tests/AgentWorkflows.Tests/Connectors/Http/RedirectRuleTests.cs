using System.Net;
using AgentWorkflows.Connectors.Http;
using Xunit;

namespace AgentWorkflows.Tests.Connectors.Http;

public sealed class RedirectRuleTests
{
    private static readonly Uri From = new("https://api.example.com/v1/rooms");

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public void A_read_is_followed_without_credentials_to_another_origin_and_with_them_to_its_own(int status)
    {
        var own = Assert.IsType<Redirect.Follow>(RedirectRule.Decide(From, HttpMethod.Get, (HttpStatusCode)status, new Uri("/v2/rooms", UriKind.Relative)));
        Assert.Equal((new Uri("https://api.example.com/v2/rooms"), true), (own.To, own.KeepsCredentials));
        foreach (var other in new[] { "https://cdn.example.com/", "https://api.example.com:8443/", "https://api.example.com.evil.net/" })
        {
            Assert.False(Assert.IsType<Redirect.Follow>(RedirectRule.Decide(From, HttpMethod.Get, (HttpStatusCode)status, new Uri(other))).KeepsCredentials);
        }
        Assert.IsType<Redirect.Refuse>(RedirectRule.Decide(From, HttpMethod.Get, (HttpStatusCode)status, new Uri("http://api.example.com/v1/rooms")));
        Assert.IsType<Redirect.Refuse>(RedirectRule.Decide(From, HttpMethod.Get, (HttpStatusCode)status, null));
    }

    [Fact]
    public void A_write_is_made_again_only_within_its_origin_and_where_the_answer_says_so()
    {
        var here = new Uri("/v2/rooms", UriKind.Relative);
        Assert.IsType<Redirect.Follow>(RedirectRule.Decide(From, HttpMethod.Post, HttpStatusCode.TemporaryRedirect, here));
        Assert.IsType<Redirect.Follow>(RedirectRule.Decide(From, HttpMethod.Delete, HttpStatusCode.PermanentRedirect, here));
        Assert.IsType<Redirect.Refuse>(RedirectRule.Decide(From, HttpMethod.Post, HttpStatusCode.Found, here));
        Assert.IsType<Redirect.Refuse>(RedirectRule.Decide(From, HttpMethod.Post, HttpStatusCode.TemporaryRedirect, new Uri("https://other.example.com/")));
        Assert.IsType<Redirect.TakeAsAnswer>(RedirectRule.Decide(From, HttpMethod.Post, HttpStatusCode.SeeOther, new Uri("https://other.example.com/")));
    }
}
