using AgentWorkflows.Tools.Sources;
using Xunit;

namespace AgentWorkflows.Tests.Tools.Sources;

public sealed class ToolSourceNamesTests
{
    [Theory]
    [InlineData("bookRoom", "rooms_book_room")]
    [InlineData("book-room", "rooms_book_room")]
    [InlineData("book.room", "rooms_book_room")]
    [InlineData("BOOK", "rooms_book")]
    [InlineData("get_v2Rooms", "rooms_get_v2_rooms")]
    [InlineData("zimmer-öffnen", "rooms_zimmer_ffnen")]
    [InlineData("ä", null)]
    [InlineData("", null)]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234", null)]
    public void AToolIsCalled(string tool, string? expected) => Assert.Equal(expected, ToolSourceNames.Of("rooms", tool));

    [Theory]
    [InlineData("rooms", "rooms")]
    [InlineData("rooms", "rooms_old")]
    [InlineData("rooms_old", "rooms")]
    public void SourcesThatCouldBeMistakenForEachOther_Overlap(string one, string other) => Assert.NotNull(ToolSourceNames.Overlap(one, other));

    [Fact]
    public void SourcesWithACommonBeginning_DoNotOverlap() => Assert.Null(ToolSourceNames.Overlap("room", "rooms"));

    [Theory]
    [InlineData("rooms", true)]
    [InlineData("rooms_2", true)]
    [InlineData("Rooms", false)]
    [InlineData("2rooms", false)]
    [InlineData("rooms__old", false)]
    [InlineData("rooms_", false)]
    [InlineData("rooms\n", false)]
    [InlineData("a23456789012345678901234567890123", false)]
    public void ANameIs(string name, bool expected) => Assert.Equal(expected, ToolSourceNames.IsName(name));

    [Fact]
    public void ToolsThatWouldBeCalledTheSame_AreNamed()
    {
        var problem = Assert.Single(ToolSourceNames.Problems("rooms", ["bookRoom", "book-room", "cancel"]));

        Assert.Equal("'bookRoom' and 'book-room' would both be called 'rooms_book_room'.", problem);
    }
}
