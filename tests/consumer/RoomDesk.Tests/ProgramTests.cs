using System.Text.RegularExpressions;
using Xunit;

namespace RoomDesk.Tests;

/// <summary>The program as its user runs it: a process, with its data in a folder of its own.</summary>
public sealed partial class ProgramTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("room-desk-");

    [Fact]
    public async Task A_session_asks_books_and_is_taken_back()
    {
        var (waits, asked) = await RoomDeskAsync("run", "Please book room 7");
        Assert.True(waits == 3, asked);
        Assert.Empty(Rooms());
        Assert.Contains("book_room", await File.ReadAllTextAsync(Path.Combine(_folder.FullName, ".data", "phone.txt")), StringComparison.Ordinal);

        await RightAsync("approve", Approval().Match(asked).Value, "--yes");
        var done = await RightAsync("run", "--resume", Session().Match(asked).Value);
        Assert.Contains("Room 7 is booked.", done, StringComparison.Ordinal);
        Assert.Equal(["7"], Rooms());

        await RightAsync("rollback", Session().Match(asked).Value);
        Assert.Empty(Rooms());
    }

    [Fact]
    public async Task The_agents_are_valid_and_the_commands_are_there()
    {
        await RightAsync("validate", Path.Combine(AppContext.BaseDirectory, "agents"));
        Assert.Contains("rollback", await RightAsync("--help"), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string[] Rooms() => Directory.Exists(Path.Combine(_folder.FullName, ".data", "rooms"))
        ? [.. Directory.EnumerateFiles(Path.Combine(_folder.FullName, ".data", "rooms")).Select(file => Path.GetFileName(file))]
        : [];

    private async Task<string> RightAsync(params string[] arguments)
    {
        var (code, output) = await RoomDeskAsync(arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)} ended with {code}:\n{output}");
        return output;
    }

    private Task<(int Code, string Output)> RoomDeskAsync(params string[] arguments) =>
        Run.ProgramAsync("dotnet", _folder.FullName, [Path.Combine(AppContext.BaseDirectory, "RoomDesk.dll"), .. arguments]);

    [GeneratedRegex(@"s-[a-z0-9]+\.\S+")]
    private static partial Regex Approval();

    [GeneratedRegex("s-[a-z0-9]+")]
    private static partial Regex Session();
}
