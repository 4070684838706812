using System.Text;
using AgentWorkflows.Server.Hosting;

namespace AgentWorkflows.Server.Terminal;

/// <summary>Standard output that says so when it takes nothing: a closed one, or a file on a full disk. A reader that has gone, as of <c>| head</c>, is no fault.</summary>
internal sealed class OutputWriter(TextWriter output) : TextWriter(output.FormatProvider)
{
    public override Encoding Encoding => output.Encoding;

    public override void Write(char value) => Try(() => output.Write(value));

    public override void Write(string? value) => Try(() => output.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => output.Write(buffer, index, count));

    public override void WriteLine(string? value) => Try(() => output.WriteLine(value));

    public override void Flush() => Try(output.Flush);

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            throw new OutputLostException((exception.InnerException ?? exception).Message, exception);
        }
    }
}

/// <summary>Nothing can be written to standard output.</summary>
internal sealed class OutputLostException(string why, Exception innerException)
    : StartupException($"Standard output cannot be written: {why.TrimEnd('.')}. Open it, or point it at a place with room.", innerException);
