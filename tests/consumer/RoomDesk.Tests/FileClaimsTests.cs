using AgentWorkflows.Operations;
using AgentWorkflows.Testing.Conformance;

namespace RoomDesk.Tests;

public sealed class FileClaimsTests() : DailyClaimsConformance(() => Task.FromResult<StoreUnderTest<IDailyClaims>>(new FileClaimsUnderTest()));

internal sealed class FileClaimsUnderTest : StoreUnderTest<IDailyClaims>
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("room-desk-claims-");
    private FileClaims _claims;

    public FileClaimsUnderTest() => _claims = new FileClaims(_folder.FullName);

    public override IDailyClaims Store => _claims;

    public override Task ReopenAsync()
    {
        _claims = new FileClaims(_folder.FullName);
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
