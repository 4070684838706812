using AgentWorkflows.Approvals;
using AgentWorkflows.Connectors.Notifications;
using AgentWorkflows.Operations.Reports;
using AgentWorkflows.TestSupport;
using Xunit;

namespace AgentWorkflows.Server.Tests.Approvals;

/// <summary>What mail servers speak, and what is told when a mail cannot be handed over.</summary>
public sealed class SmtpChannelTests
{
    private const int Timeout = 60_000;

    [Theory(Timeout = Timeout)]
    [InlineData(true, false, SmtpTls.StartTls)]
    [InlineData(true, false, SmtpTls.ByPort)]
    [InlineData(false, true, SmtpTls.Implicit)]
    internal async Task AMail_GoesOverTls_AsTheServerSpeaksIt(bool startTls, bool fromTheFirstByte, SmtpTls tls)
    {
        await using var mails = new SmtpSink(new SmtpSinkOptions { StartTls = startTls, Implicit = fromTheFirstByte });

        var result = await SendAsync(mails, options => options with { Tls = tls }, trusts: true);

        Assert.IsType<DeliveryResult.Delivered>(result);
        Assert.Contains("Message-Id: <b-1@example.com>", MailReader.Of(await mails.NextAsync()).Headers, StringComparison.OrdinalIgnoreCase);
    }

    [Theory(Timeout = Timeout)]
    [InlineData(true, false, SmtpTls.StartTls, "no trusted TLS connection on port ")]
    [InlineData(false, true, SmtpTls.Implicit, "no trusted TLS connection on port ")]
    [InlineData(false, false, SmtpTls.StartTls, "no STARTTLS on port ")]
    [InlineData(false, false, SmtpTls.Implicit, "no trusted TLS connection on port ")]
    internal async Task WithoutATrustedTlsConnection_NothingIsSent(bool startTls, bool fromTheFirstByte, SmtpTls tls, string told)
    {
        await using var mails = new SmtpSink(new SmtpSinkOptions { StartTls = startTls, Implicit = fromTheFirstByte });

        var failed = Assert.IsType<DeliveryResult.Failed>(await SendAsync(mails, options => options with { Tls = tls }));

        Assert.StartsWith("localhost: " + told, failed.Reason, StringComparison.Ordinal);
        Assert.False(failed.Final);
        Assert.False(mails.HasMore);
    }

    [Fact(Timeout = Timeout)]
    public async Task AnAddressBeyondAscii_GoesToAServerThatTakesIt()
    {
        await using var mails = new SmtpSink(new SmtpSinkOptions { Utf8 = true });

        Assert.IsType<DeliveryResult.Delivered>(await SendAsync(mails, options => options with { To = ["jürgen@example.com"] }));

        Assert.Contains("To: jürgen@example.com", await mails.NextAsync(), StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task AnAddressBeyondAscii_IsRefusedForGood_WhereTheServerDoesNotTakeIt()
    {
        await using var mails = new SmtpSink();

        var failed = Assert.IsType<DeliveryResult.Failed>(await SendAsync(mails, options => options with { To = ["jürgen@example.com"] }));

        Assert.Equal(("localhost: jürgen@example.com has letters beyond ASCII before the @, which it does not take (SMTPUTF8).", true), (failed.Reason, failed.Final));
        Assert.False(mails.HasMore);
    }

    [Fact(Timeout = Timeout)]
    public async Task ADomainBeyondAscii_NeedsNothingOfTheServer()
    {
        await using var mails = new SmtpSink();

        Assert.IsType<DeliveryResult.Delivered>(await SendAsync(mails, options => options with { To = ["ann@bücher.example"] }));

        Assert.Contains("To: ann@xn--bcher-kva.example", await mails.NextAsync(), StringComparison.Ordinal);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("550 No such mailbox", "bo@example.com: 550 No such mailbox", true)]
    [InlineData("450 Come again", "bo@example.com: 450 Come again", false)]
    public async Task ARecipientThatIsRefused_IsNamed_AndTheOthersHaveTheMail(string answer, string told, bool final)
    {
        await using var mails = new SmtpSink(new SmtpSinkOptions { Recipient = to => to == "bo@example.com" ? answer : null });

        var failed = Assert.IsType<DeliveryResult.Failed>(await SendAsync(mails, options => options with { To = ["bo@example.com", "ann@example.com"] }));

        Assert.Equal(($"localhost: {told}", final), (failed.Reason, failed.Final));
        await mails.NextAsync();
    }

    [Theory(Timeout = Timeout)]
    [InlineData("535 Not you", "localhost: User and Password were not taken (535: Not you).")]
    [InlineData(null, "localhost: User is configured, but no login is offered on port ")]
    public async Task ALoginThatFails_IsTold_WithoutThePassword(string? answer, string told)
    {
        await using var mails = new SmtpSink(new SmtpSinkOptions { Login = answer });

        var failed = Assert.IsType<DeliveryResult.Failed>(await SendAsync(mails, options => options with { User = "agents", Password = "s3cr3t" }));

        Assert.StartsWith(told, failed.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", failed.Reason, StringComparison.Ordinal);
        Assert.False(failed.Final);
    }

    [Fact(Timeout = Timeout)]
    public async Task AServerThatIsNotThere_IsNamed()
    {
        var mails = new SmtpSink();
        var port = mails.Port;
        await mails.DisposeAsync();

        var failed = Assert.IsType<DeliveryResult.Failed>(await new SmtpChannel(Options(port)).SendAsync(Bulletin, default));

        Assert.Equal(($"localhost: no connection to port {port}.", false), (failed.Reason, failed.Final));
    }

    private static Bulletin Bulletin => new("b-1", "report", "The day", [new("Cost", [("Spent", "1.00 USD")])], default);

    private static SmtpOptions Options(int port) => new() { Host = "localhost", Port = port, From = "Agents <agents@example.com>", Tls = SmtpTls.None, To = ["ann@example.com"] };

    private static Task<DeliveryResult> SendAsync(SmtpSink mails, Func<SmtpOptions, SmtpOptions> change, bool trusts = false) =>
        new SmtpChannel(change(Options(mails.Port)), trusts ? (_, certificate, _, _) => certificate!.GetCertHashString() == mails.Certificate.Thumbprint : null)
            .SendAsync(Bulletin, default);
}
