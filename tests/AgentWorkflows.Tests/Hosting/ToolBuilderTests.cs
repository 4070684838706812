using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using AgentWorkflows.Hosting;
using AgentWorkflows.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentWorkflows.Tests.Hosting;

/// <summary>The three ways to write a tool: a class, a method, a function under a contract.</summary>
public sealed class ToolBuilderTests
{
    [Fact]
    public async Task AClass_IsMadeForEachCallInAScopeOfItsOwn_WhichEndsWithTheCall()
    {
        var rooms = new Rooms();
        await using var services = Services(builder => builder.AddTool<BookRoom>(), services => services.AddSingleton(rooms).AddScoped<Visit>());
        var tool = Find(services, "book_room");

        var first = await CallAsync(tool, """{"room": 7}""", "k-1");
        var second = await CallAsync(tool, """{"room": 8, "nights": 2}""", "k-2");

        Assert.Equal("""{"room":7,"nights":1,"key":"k-1"}""", first);
        Assert.Equal("""{"room":8,"nights":2,"key":"k-2"}""", second);
        Assert.Equal((2, 2), (rooms.Visits, rooms.VisitsEnded));
    }

    [Fact]
    public async Task AClass_HasNameSchemaAndContractFromItsType_AndNoObjectIsMadeForThem()
    {
        var rooms = new Rooms();
        await using var services = Services(builder => builder.AddTool<BookRoom>(), services => services.AddSingleton(rooms).AddScoped<Visit>());

        var tool = Find(services, "book_room");

        Assert.Equal((ToolTier.WriteSafe, "cancel_booking"), (tool.Contract!.Tier, tool.Contract.Compensation!.Tool));
        Assert.Equal(9, tool.ParametersSchema.GetProperty("properties").GetProperty("room").GetProperty("maximum").GetInt32());
        Assert.Equal(0, rooms.Visits);
    }

    [Fact]
    public async Task AClassThatOnlyAnObjectCanTell_IsAskedOnce()
    {
        await using var services = Services(builder => builder.AddTool<Plain>(), _ => { });

        Assert.Equal("plain-by-hand", Find(services, "plain-by-hand").Name);
    }

    [Fact]
    public async Task AClassThatTellsWhatItWouldChange_StillTells()
    {
        await using var services = Services(builder => builder.AddTool<CancelBooking>(), _ => { });

        var preview = Assert.IsType<IPreviewingTool>(Find(services, "cancel_booking"), exactMatch: false);

        Assert.Equal("Booking", Assert.Single(await preview.PreviewAsync(Invocation("""{"action_key": "k"}""", "k"), CancellationToken.None)).What);
    }

    [Fact]
    public async Task Methods_AreToolsByTheirAttribute_WithTheirParametersAsArguments()
    {
        await using var services = Services(builder => builder.AddTools<RoomTools>(), services => services.AddSingleton<Rooms>());

        Assert.Equal(["free", "list_rooms", "price", "rename"], services.GetRequiredService<IToolCatalog>().Names.Order(StringComparer.Ordinal));
        var rename = Find(services, "rename");
        Assert.Equal("""["room","new_name"]""", rename.ParametersSchema.GetProperty("required").GetRawText());
        Assert.Equal("A short one.", rename.ParametersSchema.GetProperty("properties").GetProperty("new_name").GetProperty("description").GetString());
        Assert.Equal(20, rename.ParametersSchema.GetProperty("properties").GetProperty("new_name").GetProperty("maxLength").GetInt32());
        Assert.Equal(JsonValueKind.False, rename.ParametersSchema.GetProperty("additionalProperties").ValueKind);
        Assert.Empty(SchemaCheck.FindProblems(rename.ParametersSchema));
        Assert.Equal((ToolTier.WriteSafe, "rename", "$result.before"), (rename.Contract!.Tier, rename.Contract.Compensation!.Tool, rename.Contract.Compensation.Arguments["new_name"].GetString()));
    }

    [Theory]
    [InlineData("rename", """{"room": 3, "new_name": "Blue"}""", """{"room":3,"name":"Blue","note":"by k-1"}""")]
    [InlineData("rename", """{"room": 3, "new_name": "Blue", "note": "why not"}""", """{"room":3,"name":"Blue","note":"why not"}""")]
    [InlineData("list_rooms", "{}", "[1,2,3]")]
    [InlineData("price", """{"room": 2}""", "84.5")]
    [InlineData("free", """{"room": 2}""", """{"done":true}""")]
    public async Task Methods_AnswerWhatTheyReturn_AtOnceOrLater(string name, string arguments, string expected)
    {
        await using var services = Services(builder => builder.AddTools<RoomTools>(), services => services.AddSingleton<Rooms>());

        Assert.Equal(expected, await CallAsync(Find(services, name), arguments, "k-1"));
    }

    [Fact]
    public async Task AMethodThatThrows_ThrowsWhatItThrew()
    {
        await using var services = Services(builder => builder.AddTools<RoomTools>(), services => services.AddSingleton<Rooms>());

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => CallAsync(Find(services, "price"), """{"room": -1}""", "k-1"));
        Assert.Equal("There is no such room.", thrown.Message);
    }

    [Fact]
    public void AClassWithoutToolMethods_IsRefusedAtOnce()
    {
        var thrown = Assert.Throws<ArgumentException>(() => new ServiceCollection().AddAgentWorkflows(new ConfigurationBuilder().Build()).AddTools<Rooms>());
        Assert.Contains("Rooms has no public method with [Tool(", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFunction_IsHeldToItsContract_AndFindsItsKeyAndServices()
    {
        var function = AIFunctionFactory.Create(
            ([Description("Which city.")] string city, AIFunctionArguments given) =>
                $"{city}: {((ToolInvocation)given.Context![typeof(ToolInvocation)]!).IdempotencyKey}, {given.Services!.GetRequiredService<Rooms>().Visits}",
            "GetWeather", "The weather now.");
        await using var services = Services(
            builder => builder.AddFunction(function, contract =>
            {
                contract.Tier = ToolTier.Read;
                contract.Timeout = TimeSpan.FromSeconds(3);
            }),
            services => services.AddSingleton<Rooms>());

        var tool = Find(services, "get_weather");

        Assert.Equal((ToolTier.Read, TimeSpan.FromSeconds(3), "The weather now."), (tool.Contract!.Tier, tool.Contract.Timeout, tool.Contract.Description));
        Assert.Equal(["city"], tool.ParametersSchema.GetProperty("properties").EnumerateObject().Select(property => property.Name));
        Assert.Empty(SchemaCheck.FindProblems(tool.ParametersSchema));
        Assert.Equal("\"Oslo: k-1, 0\"", await CallAsync(tool, """{"city": "Oslo"}""", "k-1"));
    }

    [Fact]
    public async Task AFunctionWithoutAContract_IsDestructive()
    {
        await using var services = Services(builder => builder.AddFunction(AIFunctionFactory.Create(() => 1, "Reset")), _ => { });

        Assert.Equal(ToolTier.Destructive, Find(services, "reset").Contract!.Tier);
    }

    private static ServiceProvider Services(Action<IAgentWorkflowsBuilder> build, Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        build(services.AddAgentWorkflows(new ConfigurationBuilder().Build()));
        add(services);
        return services.BuildServiceProvider(validateScopes: true);
    }

    private static ITool Find(IServiceProvider services, string name) =>
        services.GetRequiredService<IToolCatalog>().Find(name) ?? throw new InvalidOperationException($"There is no tool '{name}'.");

    private static ToolInvocation Invocation(string arguments, string key) => new("s-1", "t", JsonElement.Parse(arguments), key);

    private static async Task<string> CallAsync(ITool tool, string arguments, string key) =>
        Assert.IsType<ToolResult.Success>(await tool.ExecuteAsync(Invocation(arguments, key), CancellationToken.None)).Value.GetRawText();

    private sealed class Rooms
    {
        public int Visits { get; set; }

        public int VisitsEnded { get; set; }
    }

    private sealed class Visit : IDisposable
    {
        private readonly Rooms _rooms;

        public Visit(Rooms rooms)
        {
            _rooms = rooms;
            _rooms.Visits++;
        }

        public void Dispose() => _rooms.VisitsEnded++;
    }

    private sealed record Booking
    {
        [Range(1, 9)]
        public required int Room { get; init; }

        public int Nights { get; init; } = 1;
    }

    private sealed record Booked(int Room, int Nights, string Key);

    [Tool("Books a room.", ToolTier.WriteSafe, SideEffects = ["room.book"])]
    [CompensatedBy("cancel_booking", "Cancel it by hand.", "action_key=$idempotencyKey")]
    private sealed class BookRoom(Visit visit) : TypedTool<Booking, Booked>
    {
        protected override Task<ToolResult> ExecuteAsync(Booking arguments, ToolInvocation invocation, CancellationToken cancellationToken)
        {
            Assert.NotNull(visit);
            return Task.FromResult(Success(new Booked(arguments.Room, arguments.Nights, invocation.IdempotencyKey)));
        }
    }

    private sealed record Cancel(string ActionKey);

    [Tool("Cancels a booking.", ToolTier.WriteSafe, Offered = false)]
    private sealed class CancelBooking : TypedTool<Cancel, string>, IPreviewingTool
    {
        public Task<IReadOnlyList<PreviewedChange>> PreviewAsync(ToolInvocation invocation, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<PreviewedChange>>([new PreviewedChange("Booking", "booked", "cancelled")]);

        protected override Task<ToolResult> ExecuteAsync(Cancel arguments, ToolInvocation invocation, CancellationToken cancellationToken) => Task.FromResult(Success("done"));
    }

    private sealed class Plain : ITool
    {
        public string Name => "plain-by-hand";

        public JsonElement ParametersSchema { get; } = JsonElement.Parse("""{"type":"object","properties":{},"additionalProperties":false}""");

        public Task<ToolResult> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken) => Task.FromResult(ToolResult.Permanent("No.", "Stop."));
    }

    private sealed record Renamed(int Room, string Name, string Note);

    private sealed class RoomTools(Rooms rooms)
    {
        [Tool("Gives a room another name.", ToolTier.WriteSafe, SideEffects = ["room.name"])]
        [CompensatedBy("rename", "Name it as it was.", "room=$arguments.room", "new_name=$result.before")]
        public async Task<Renamed> RenameAsync(
            int room, [Description("A short one."), StringLength(20)] string newName, ToolInvocation invocation, string? note = null,
            CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            rooms.Visits++;
            return new Renamed(room, newName, note ?? $"by {invocation.IdempotencyKey}");
        }

        [Tool("All rooms.", ToolTier.Read)]
        public static int[] ListRooms() => [1, 2, 3];

        [Tool("What a room costs.", ToolTier.Read)]
        public ValueTask<decimal> Price(int room) => room < 0 ? throw new InvalidOperationException("There is no such room.") : new(84.5m + rooms.Visits);

        [Tool("Frees a room.", ToolTier.WriteSafe)]
        public async Task FreeAsync(int room)
        {
            await Task.Yield();
            Assert.True(room > 0 && rooms.Visits == 0);
        }

        public int Uncounted() => rooms.Visits;
    }
}
