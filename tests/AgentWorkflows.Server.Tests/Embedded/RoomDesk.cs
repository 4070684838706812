using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentWorkflows.Approvals;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Server.Tests.Embedded;

/// <summary>What somebody else's program has: an agent's files, a service, tools, a channel.</summary>
internal static class RoomDesk
{
    private const string Agent = """
        name: room-desk
        version: "1.0"
        instructions: You book rooms.
        models: {plan: {deployment: default}}
        permissions: [{effect: allow}]
        tools:
          book_room: {}
          cancel_booking: {}
          free_rooms: {}

        """;

    private const string Playbook = """
        otherwise: I have no script for this goal.
        entries:
          - name: book
            goal: 'book room (?<room>\d+)'
            turns:
              - reason: See what is free.
                steps:
                  - {id: free, tool: free_rooms, arguments: {}}
              - reason: Book it.
                steps:
                  - {id: booked, tool: book_room, arguments: {room: "{goal.room}"}, undo: Cancel the booking.}
            answer: "Room {booked.room} is booked."

        """;

    private const string Prices = """
        version: "1"
        effective: 2026-01-01
        source: a test
        models:
          offline-playbook: {input: 0.40, cached_input: 0.10, output: 1.60}

        """;

    /// <summary>Writes the agent's files.</summary>
    /// <returns>The folder for <c>AddAgents</c>.</returns>
    public static string WriteAgents(string folder)
    {
        var agents = Directory.CreateDirectory(Path.Combine(folder, "agents"));
        File.WriteAllText(Path.Combine(agents.FullName, "prices.yaml"), Prices);
        var desk = agents.CreateSubdirectory("room-desk");
        File.WriteAllText(Path.Combine(desk.FullName, "agent.yaml"), Agent);
        File.WriteAllText(Path.Combine(desk.FullName, "playbook.yaml"), Playbook);
        return agents.FullName;
    }
}

/// <summary>The bookings, by the key of the call that made them.</summary>
internal sealed class Bookings
{
    private readonly Dictionary<string, int> _rooms = [];

    public IReadOnlyCollection<int> Booked
    {
        get
        {
            lock (_rooms)
            {
                return [.. _rooms.Values];
            }
        }
    }

    public int Book(string key, int room)
    {
        lock (_rooms)
        {
            return _rooms.TryAdd(key, room) ? room : _rooms[key];
        }
    }

    public bool Cancel(string key)
    {
        lock (_rooms)
        {
            return _rooms.Remove(key);
        }
    }
}

internal sealed record BookRoomArguments
{
    [Description("The room's number."), Range(1, 20)]
    public required int Room { get; init; }
}

internal sealed record BookedRoom(int Room);

[Tool("Books a room.", ToolTier.WriteRisky, Owner = "desk", Idempotent = true, SideEffects = ["room.book"], Resource = "room")]
[CompensatedBy("cancel_booking", "Take the booking out of the book.", "action_key=$idempotencyKey")]
internal sealed class BookRoom(Bookings bookings) : TypedTool<BookRoomArguments, BookedRoom>
{
    protected override Task<ToolResult> ExecuteAsync(BookRoomArguments arguments, ToolInvocation invocation, CancellationToken cancellationToken) =>
        Task.FromResult(Success(new BookedRoom(bookings.Book(invocation.IdempotencyKey, arguments.Room))));
}

internal sealed record CancelBookingArguments(string ActionKey);

[Tool("Cancels what a call booked.", ToolTier.WriteSafe, Owner = "desk", Idempotent = true, SideEffects = ["room.book"], Offered = false)]
internal sealed class CancelBooking(Bookings bookings) : TypedTool<CancelBookingArguments, string>
{
    protected override Task<ToolResult> ExecuteAsync(CancelBookingArguments arguments, ToolInvocation invocation, CancellationToken cancellationToken) =>
        Task.FromResult(Success(bookings.Cancel(arguments.ActionKey) ? "cancelled" : "there was nothing to cancel"));
}

internal sealed class RoomTools(Bookings bookings)
{
    [Tool("The rooms that are free.", ToolTier.Read, Owner = "desk")]
    public int[] FreeRooms() => [.. Enumerable.Range(1, 20).Except(bookings.Booked)];
}

/// <summary>Keeps what it was told to send.</summary>
internal sealed class PhoneChannel : IApprovalChannel
{
    private readonly TaskCompletionSource<ApprovalMessage> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => "phone";

    public Task<ApprovalMessage> FirstAsync() => _first.Task;

    public IReadOnlyList<string> RecipientsAmong(IReadOnlyList<string> approvers) => [""];

    public Task<DeliveryResult> SendAsync(ApprovalMessage message, CancellationToken cancellationToken)
    {
        _first.TrySetResult(message);
        return Task.FromResult<DeliveryResult>(new DeliveryResult.Delivered());
    }
}
