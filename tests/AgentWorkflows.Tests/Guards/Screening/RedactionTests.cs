using System.Diagnostics;
using System.Text.Json;
using AgentWorkflows.Durability;
using AgentWorkflows.Screening;
using Xunit;

namespace AgentWorkflows.Tests.Guards.Screening;

public sealed class RedactionTests
{
    [Theory]
    [InlineData("key sk-proj-abcdefghijklmnop1234 used", "abcdefghijklmnop")]
    [InlineData("Authorization: Bearer abcdef0123456789abcdef", "abcdef0123456789")]
    [InlineData("AccountName=x;AccountKey=Zm9vYmFyYmF6;End", "Zm9vYmFy")]
    [InlineData("password: hunter2hunter2", "hunter2")]
    [InlineData("{\"api_key\":\"topsecretvalue\"}", "topsecretvalue")]
    [InlineData("postgres://app:s3cr3t@db.example/x", "s3cr3t")]
    [InlineData("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "c2lnbmF0dXJl")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----", "MIIEow")]
    [InlineData("card 4111 1111 1111 1111", "4111")]
    [InlineData("POST https://hooks.slack.com/services/T0001/B0002/abcdefgh1234 said 403", "abcdefgh1234")]
    [InlineData("https://x.example/y?sig=abcd1234efgh&a=1", "abcd1234efgh")]
    public void Secrets_AreTakenOut(string text, string secret)
    {
        Assert.DoesNotContain(secret, Redaction.Text(text), StringComparison.Ordinal);
        Assert.Contains("[redacted", Redaction.Text(text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Refunded order 1042, 129.90 USD, refund r-20261120-000017")]
    [InlineData("Wrote to anna@customer.example")]
    [InlineData("Basic subscriptions: the bearer identification is on file.")]
    [InlineData("The token budget is 50000 and the secretary agreed.")]
    public void OrdinaryText_Stays(string text) => Assert.Equal(text, Redaction.Text(text));

    [Fact]
    public void WhatAStepThrows_KeepsItsTypeAndLosesItsSecrets()
    {
        var thrown = new DurableException("NoticeNotDelivered", "403 for anna@customer.example", isNonRetryable: true, new InvalidOperationException("password: hunter2hunter2"));

        var failure = FailureDetails.FromException(RedactedException.ForHistory(thrown));

        Assert.Equal(("NoticeNotDelivered", "403 for [redacted: e-mail]", true), (failure.ErrorType, failure.Message, failure.IsNonRetryable));
        Assert.Equal(("System.InvalidOperationException", "password: [redacted: secret]"), (failure.Inner!.ErrorType, failure.Inner.Message));
    }

    [Fact]
    public void AnErrorWithoutSecrets_IsItself()
    {
        var error = new InvalidOperationException("The order is unknown.");

        Assert.Same(error, RedactedException.ForHistory(error));
        Assert.Same(error, RedactedException.ForLog(error));
        Assert.DoesNotContain("hunter2", RedactedException.ForLog(new InvalidOperationException("password: hunter2hunter2")).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Logs_NameNobody() =>
        Assert.Equal("to [redacted: e-mail], [redacted: phone]", Redaction.LogText("to anna@customer.example, +44 20 7946 0958"));

    [Fact]
    public void Json_UnderASecretName_IsTakenOutWhole()
    {
        var value = JsonSerializer.Deserialize<JsonElement>("""{"n":1,"password":{"a":"b"},"list":["sk-abcdefghijklmnopqrst",true],"note":"fine"}""");

        Assert.Equal(
            """{"n":1,"password":{"a":"[redacted: secret]"},"list":["[redacted: secret]",true],"note":"fine"}""",
            Redaction.Json(value).GetRawText());
    }

    [Theory]
    [InlineData("accessToken")]
    [InlineData("client-secret")]
    [InlineData("ConnectionString")]
    [InlineData("API_KEY")]
    [InlineData("pwd")]
    public void Json_KnowsASecretByItsName_HoweverItIsWritten(string name)
    {
        var value = JsonSerializer.SerializeToElement(new Dictionary<string, object> { [name] = "x", ["tokens"] = 1100, ["in"] = new Dictionary<string, object> { [name] = 1234 } });

        Assert.Equal(
            """{"NAME":"[redacted: secret]","tokens":1100,"in":{"NAME":"[redacted: secret]"}}""".Replace("NAME", name, StringComparison.Ordinal),
            Redaction.Json(value).GetRawText());
    }

    [Fact(Timeout = 120_000)]
    public async Task AHugeText_IsRedactedInBoundedTime()
    {
        foreach (var piece in (string[])["a", "1 ", "eyJ", "a:", "password=", "sk-", "x@", "+1 ", "-----BEGIN PRIVATE KEY-----", "a://b:", "Bearer ", "DE89 "])
        {
            var text = string.Concat(Enumerable.Repeat(piece, 256 * 1024 / piece.Length));
            var started = Stopwatch.GetTimestamp();
            await Task.Run(() => Redaction.LogText(text));
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10), $"{piece}: {Stopwatch.GetElapsedTime(started)}");
        }
    }
}
