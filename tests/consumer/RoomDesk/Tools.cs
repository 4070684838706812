using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentWorkflows.Server;
using AgentWorkflows.Tools;

namespace RoomDesk;

/// <summary>The bookings: a file for each room, with the key of the call that booked it.</summary>
public sealed class Bookings(DataFolder data)
{
    private string Folder => Directory.CreateDirectory(Path.Combine(data.FullPath, "rooms")).FullName;

    public int[] Booked => [.. Directory.EnumerateFiles(Folder).Select(file => int.Parse(Path.GetFileName(file)))];

    public bool Book(int room, string key)
    {
        var file = Path.Combine(Folder, $"{room}");
        if (!File.Exists(file))
        {
            File.WriteAllText(file, key);
        }
        return File.ReadAllText(file) == key;
    }

    public void Cancel(string key)
    {
        foreach (var file in Directory.EnumerateFiles(Folder).Where(file => File.ReadAllText(file) == key))
        {
            File.Delete(file);
        }
    }
}

public sealed record BookRoomArguments
{
    [Description("The room's number."), Range(1, 20)]
    public required int Room { get; init; }
}

public sealed record BookedRoom(int Room);

[Tool("Books a room.", ToolTier.WriteRisky, Owner = "desk", Idempotent = true, SideEffects = ["room.book"], Resource = "room")]
[CompensatedBy("cancel_booking", "Take the booking out of the book.", "action_key=$idempotencyKey")]
public sealed class BookRoom(Bookings bookings) : TypedTool<BookRoomArguments, BookedRoom>, IPreviewingTool
{
    public Task<IReadOnlyList<PreviewedChange>> PreviewAsync(ToolInvocation invocation, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<PreviewedChange>>([new("Rooms booked", $"{bookings.Booked.Length}", $"{bookings.Booked.Length + 1}")]);

    protected override Task<ToolResult> ExecuteAsync(BookRoomArguments arguments, ToolInvocation invocation, CancellationToken cancellationToken) =>
        Task.FromResult(bookings.Book(arguments.Room, invocation.IdempotencyKey)
            ? Success(new BookedRoom(arguments.Room))
            : ToolResult.Permanent($"Room {arguments.Room} is taken.", "Choose one of free_rooms."));
}

public sealed record CancelBookingArguments(string ActionKey);

[Tool("Cancels what a call booked.", ToolTier.WriteSafe, Owner = "desk", Idempotent = true, SideEffects = ["room.book"], Offered = false)]
public sealed class CancelBooking(Bookings bookings) : TypedTool<CancelBookingArguments, string>
{
    protected override Task<ToolResult> ExecuteAsync(CancelBookingArguments arguments, ToolInvocation invocation, CancellationToken cancellationToken)
    {
        bookings.Cancel(arguments.ActionKey);
        return Task.FromResult(Success("cancelled"));
    }
}

public sealed class RoomTools(Bookings bookings)
{
    [Tool("The rooms that are free.", ToolTier.Read, Owner = "desk")]
    public int[] FreeRooms() => [.. Enumerable.Range(1, 20).Except(bookings.Booked)];
}

public static class Weather
{
    [Description("The weather in a city.")]
    public static string In(string city) => $"It rains in {city}.";
}
