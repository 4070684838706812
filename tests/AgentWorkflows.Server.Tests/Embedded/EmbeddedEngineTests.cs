using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentWorkflows.AspNetCore;
using AgentWorkflows.AspNetCore.Routing;
using AgentWorkflows.Hosting;
using AgentWorkflows.Record;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace AgentWorkflows.Server.Tests.Embedded;

/// <summary>A program of somebody else's: its own web application, its own tools with services of its own, and the product inside.</summary>
public sealed class EmbeddedEngineTests : IDisposable
{
    private const int TestTimeout = 120_000;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentworkflows-embedded-");

    [Fact(Timeout = TestTimeout)]
    public async Task AProgramOfTwentyLines_RunsASession_WithItsToolsServiceAndChannel_AndTakesItBack()
    {
        await using var app = Build();
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        var id = await StartAsync(http, "Please book room 7");
        var message = await app.Services.GetRequiredService<PhoneChannel>().FirstAsync();
        Assert.Equal((id, "book_room"), (message.Request.SessionId, message.Request.Tool));
        using var decided = await http.PostAsJsonAsync($"api/approvals/{message.Request.Id}/decision", new { decision = "approve", argumentsHash = message.Request.ArgumentsHash, approver = "bo" });
        Assert.Equal(HttpStatusCode.OK, decided.StatusCode);
        var session = await EndOfAsync(app, http, id);

        Assert.Equal(("Completed", "Room 7 is booked."), (session.GetProperty("status").GetString(), session.GetProperty("answer").GetString()));
        Assert.Equal([7], app.Services.GetRequiredService<Bookings>().Booked);
        var rollbacks = app.Services.GetRequiredService<RollbackService>();
        var started = Assert.IsType<RollbackOutcome.Started>(await rollbacks.RollbackAsync(id, null, CancellationToken.None));
        await rollbacks.WaitForEndAsync(started, id, CancellationToken.None);
        Assert.Empty(app.Services.GetRequiredService<Bookings>().Booked);
        await app.StopAsync();
    }

    [Fact(Timeout = TestTimeout)]
    public async Task AddressesOfTheProgramsOwn_StayItsOwn_AndOursAnswerAsTheApiDoes()
    {
        await using var app = Build();
        app.MapGet("/mine", () => "mine");
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        Assert.Equal("mine", await http.GetStringAsync(new Uri("mine", UriKind.Relative)));
        using var unknown = await http.GetAsync(new Uri("api/nothing", UriKind.Relative));
        using var method = await http.DeleteAsync(new Uri("api/agents", UriKind.Relative));
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), (unknown.StatusCode, await CodeAsync(unknown)));
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "method_not_allowed", "GET"), (method.StatusCode, await CodeAsync(method), method.Content.Headers.Allow.Single()));
        await app.StopAsync();
    }

    [Fact(Timeout = TestTimeout)]
    public async Task AProgramThatLacksSomething_DoesNotStart_AndSaysAllOfIt()
    {
        var builder = Builder();
        builder.Configuration["AgentWorkflows:Costs:UserPerDay"] = "much";
        builder.Configuration["AgentWorkflows:Coasts:UserPerDay"] = "1";
        builder.Services.AddAgentWorkflows(builder.Configuration).UseEmbeddedEngine(_folder.FullName).AddTool<BookRoom>();
        await using var app = builder.Build();

        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => app.StartAsync());

        var failures = (thrown as AggregateException)?.InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures)
            ?? ((OptionsValidationException)thrown).Failures;
        Assert.Contains(failures, failure => failure.Contains("Costs:UserPerDay is 'much'", StringComparison.Ordinal));
        Assert.Contains(failures, failure => failure.Contains("Did you mean 'Costs'?", StringComparison.Ordinal));
        Assert.Contains(failures, failure => failure.Contains("The tool BookRoom cannot be made", StringComparison.Ordinal));
        Assert.False(File.Exists(Path.Combine(_folder.FullName, DataFolder.EngineFile)));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task EveryHandlerOfTheApi_IsMade()
    {
        await using var app = Build();
        await app.StartAsync();

        Assert.All(ApiRoutes.HandlerTypes, handlers => Assert.NotNull(app.Services.GetRequiredService(handlers)));
        await app.StopAsync();
    }

    [Fact(Timeout = TestTimeout)]
    public async Task AServiceThatAHandlerLacks_StopsTheStart_AndIsNamedWithTheHandler()
    {
        var builder = Builder();
        builder.Services.AddAgentWorkflows(builder.Configuration).UseEmbeddedEngine(_folder.FullName).AddAgents(RoomDesk.WriteAgents(_folder.FullName));
        builder.Services.RemoveAll<ISessionCounts>();
        await using var app = builder.Build();

        var thrown = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());

        Assert.Contains(thrown.Failures, failure => failure.StartsWith("There is no ISessionCounts (for CountHandlers of the API).", StringComparison.Ordinal));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task AProgramMayBeDisposedOfWithoutAwaiting_AndLeavesTheFolderFree()
    {
        using (var first = Build())
        {
            await first.StartAsync();
        }
        using var second = Build();

        await second.StartAsync();

        await second.StopAsync();
    }

    [Fact(Timeout = TestTimeout)]
    public async Task ASecondProgramOnTheFolder_IsRefusedByName()
    {
        await using var first = Build();
        await first.StartAsync();
        await using var second = Build();

        var thrown = await Assert.ThrowsAsync<DataFolderInUseException>(() => second.StartAsync());

        Assert.Contains(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture), thrown.Message, StringComparison.Ordinal);
        await first.StopAsync();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static WebApplicationBuilder Builder()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        return builder;
    }

    private WebApplication Build()
    {
        var builder = Builder();
        builder.Services.AddSingleton<Bookings>();
        builder.Services.AddAgentWorkflows(builder.Configuration)
            .UseEmbeddedEngine(Path.Combine(_folder.FullName, "data"))
            .AddAgents(RoomDesk.WriteAgents(_folder.FullName))
            .AddTool<BookRoom>().AddTool<CancelBooking>().AddTools<RoomTools>()
            .AddApprovalChannel<PhoneChannel>();
        var app = builder.Build();
        app.MapAgentWorkflows();
        app.Urls.Add("http://127.0.0.1:0");
        return app;
    }

    private static async Task<string> StartAsync(HttpClient http, string goal)
    {
        using var response = await http.PostAsJsonAsync("api/sessions", new
        {
            agent = "room-desk",
            goal,
            context = new { project_id = "demo", user_id = "u-1", budget_limit = 1.0, task_priority = "normal" },
        });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static async Task<JsonElement> EndOfAsync(WebApplication app, HttpClient http, string id)
    {
        await app.Services.GetRequiredService<SessionService>().WaitForEndAsync(id, CancellationToken.None);
        return await http.GetFromJsonAsync<JsonElement>($"api/sessions/{id}");
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();
}
