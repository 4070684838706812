namespace AgentWorkflows.Connectors.Mcp;

/// <summary>What is read, ended with an error where a message goes on for too long: an answer of 200 MB is not taken into memory to be refused then.</summary>
/// <param name="endsAtLines">Messages are lines, and the stream may go on for ever; else all of it is one message.</param>
internal sealed class BoundedStream(Stream inner, int maxBytes, bool endsAtLines) : Stream
{
    private long _sinceStart;

    /// <summary>It was cut off.</summary>
    public bool IsOver { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Count(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        Count(buffer.AsSpan(offset, read));
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Count(ReadOnlySpan<byte> read)
    {
        var lastLine = endsAtLines ? read.LastIndexOf((byte)'\n') : -1;
        _sinceStart = lastLine < 0 ? _sinceStart + read.Length : read.Length - lastLine - 1;
        if (_sinceStart > maxBytes)
        {
            IsOver = true;
            throw new IOException($"A message is longer than {maxBytes / (1024 * 1024)} MB.");
        }
    }
}
