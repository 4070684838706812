using AgentWorkflows.Server.Hosting;
using Xunit;

namespace AgentWorkflows.Server.Tests.Embedded;

/// <summary>What is suggested is a command that exists as the program was started.</summary>
public sealed class ProgramNameTests
{
    [Theory]
    [InlineData("/usr/share/dotnet/dotnet", "/work/app/Desk.dll", "/work", "/usr/bin", "dotnet app/Desk.dll")]
    [InlineData("/home/me/.dotnet/tools/agentworkflows", "/store/Tool.dll", "/work", "/usr/bin:/home/me/.dotnet/tools", "agentworkflows")]
    [InlineData("/work/bin/OrderDesk", "/work/bin/OrderDesk.dll", "/work", "/usr/bin", "bin/OrderDesk")]
    [InlineData("/work/OrderDesk", "/work/OrderDesk.dll", "/work", "/usr/bin", "./OrderDesk")]
    [InlineData("/opt/Desk", "/opt/Desk.dll", "/home/me/deep/down/here", "/usr/bin", "/opt/Desk")]
    [InlineData("/opt/my desk/Desk", "/opt/my desk/Desk.dll", "/opt", "/usr/bin", "\"my desk/Desk\"")]
    public void TheNameIsWhatStartsIt(string process, string assembly, string directory, string searched, string expected)
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(expected, ProgramName.Of(process, assembly, directory, searched));
        }
    }
}
