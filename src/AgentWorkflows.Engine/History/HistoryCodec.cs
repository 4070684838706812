using AgentWorkflows.Durability;

namespace AgentWorkflows.Engine.History;

/// <summary>
/// The record format of one history row: a format byte, then events back to back, each led by its <see cref="HistoryKind"/>.
/// A contract on disk: it is extended by new kinds and new format bytes, never changed.
/// </summary>
internal static class HistoryCodec
{
    private const byte Format = 1;

    public static void Write(ByteWriter writer, IReadOnlyList<HistoryEvent> events)
    {
        writer.WriteByte(Format);
        for (var i = 0; i < events.Count; i++)
        {
            Write(writer, events[i]);
        }
    }

    public static byte[] ToBytes(params IReadOnlyList<HistoryEvent> events)
    {
        var writer = new ByteWriter();
        Write(writer, events);
        var bytes = writer.Written.ToArray();
        writer.Clear();
        return bytes;
    }

    /// <exception cref="InvalidDataException">The record is damaged or from a newer version.</exception>
    public static void Read(ReadOnlyMemory<byte> record, List<HistoryEvent> events)
    {
        var reader = new ByteReader(record);
        var format = reader.ReadByte();
        if (format != Format)
        {
            throw new InvalidDataException($"The history record has format {format}; this version reads format {Format}.");
        }
        while (!reader.AtEnd)
        {
            events.Add(Read(ref reader));
        }
    }

    private static void Write(ByteWriter writer, HistoryEvent historyEvent)
    {
        writer.WriteByte((byte)KindOf(historyEvent));
        switch (historyEvent)
        {
            case ExecutionStarted e:
                writer.WriteText(e.Name);
                writer.WriteText(e.Version);
                writer.WriteBytes(e.Input.Span);
                break;
            case TurnStarted e: writer.WriteLong(e.At); break;
            case TaskScheduled e:
                writer.WriteInt(e.TaskId);
                writer.WriteText(e.Name);
                writer.WriteBytes(e.Input.Span);
                break;
            case TaskCompleted e: WriteResult(writer, e.TaskId, e.Output); break;
            case TaskFailed e: WriteFailed(writer, e.TaskId, e.Failure); break;
            case TimerCreated e:
                writer.WriteInt(e.TaskId);
                writer.WriteLong(e.FireAt);
                break;
            case TimerFired e: writer.WriteInt(e.TaskId); break;
            case TimerCancelled e: writer.WriteInt(e.TaskId); break;
            case SubOrchestrationScheduled e:
                writer.WriteInt(e.TaskId);
                writer.WriteText(e.Name);
                writer.WriteText(e.Version);
                writer.WriteText(e.InstanceId);
                break;
            case SubOrchestrationCompleted e: WriteResult(writer, e.TaskId, e.Output); break;
            case SubOrchestrationFailed e: WriteFailed(writer, e.TaskId, e.Failure); break;
            case EventRaised e:
                writer.WriteText(e.Name);
                writer.WriteBytes(e.Payload.Span);
                break;
            case ExecutionSuspended e: WriteOptional(writer, e.Reason); break;
            case ExecutionResumed e: WriteOptional(writer, e.Reason); break;
            case ExecutionTerminated e: WriteOptional(writer, e.Reason); break;
            case ExecutionCompleted e: writer.WriteBytes(e.Output.Span); break;
            case ExecutionFailed e: WriteFailure(writer, e.Failure); break;
            case ExecutionForked e:
                writer.WriteText(e.InstanceId);
                writer.WriteLong(e.CreatedAt);
                writer.WriteInt(e.Execution);
                break;
            case ExecutionRewound e:
                writer.WriteInt(e.Kept);
                WriteOptional(writer, e.Reason);
                break;
            default: throw Unknown(historyEvent);
        }
    }

    private static HistoryEvent Read(ref ByteReader reader)
    {
        var kind = (HistoryKind)reader.ReadByte();
        return kind switch
        {
            HistoryKind.ExecutionStarted => new ExecutionStarted(reader.ReadText(), reader.ReadText(), reader.ReadBytes()),
            HistoryKind.TurnStarted => new TurnStarted(reader.ReadLong()),
            HistoryKind.TaskScheduled => new TaskScheduled(reader.ReadInt(), reader.ReadText(), reader.ReadBytes()),
            HistoryKind.TaskCompleted => new TaskCompleted(reader.ReadInt(), reader.ReadBytes()),
            HistoryKind.TaskFailed => new TaskFailed(reader.ReadInt(), ReadFailure(ref reader)),
            HistoryKind.TimerCreated => new TimerCreated(reader.ReadInt(), reader.ReadLong()),
            HistoryKind.TimerFired => new TimerFired(reader.ReadInt()),
            HistoryKind.TimerCancelled => new TimerCancelled(reader.ReadInt()),
            HistoryKind.SubOrchestrationScheduled =>
                new SubOrchestrationScheduled(reader.ReadInt(), reader.ReadText(), reader.ReadText(), reader.ReadText()),
            HistoryKind.SubOrchestrationCompleted => new SubOrchestrationCompleted(reader.ReadInt(), reader.ReadBytes()),
            HistoryKind.SubOrchestrationFailed => new SubOrchestrationFailed(reader.ReadInt(), ReadFailure(ref reader)),
            HistoryKind.EventRaised => new EventRaised(reader.ReadText(), reader.ReadBytes()),
            HistoryKind.ExecutionSuspended => new ExecutionSuspended(ReadOptional(ref reader)),
            HistoryKind.ExecutionResumed => new ExecutionResumed(ReadOptional(ref reader)),
            HistoryKind.ExecutionTerminated => new ExecutionTerminated(ReadOptional(ref reader)),
            HistoryKind.ExecutionCompleted => new ExecutionCompleted(reader.ReadBytes()),
            HistoryKind.ExecutionFailed => new ExecutionFailed(ReadFailure(ref reader)),
            HistoryKind.ExecutionForked => new ExecutionForked(reader.ReadText(), reader.ReadLong(), reader.ReadInt()),
            HistoryKind.ExecutionRewound => new ExecutionRewound(reader.ReadInt(), ReadOptional(ref reader)),
            _ => throw new InvalidDataException($"The history holds an event of unknown kind {(byte)kind}; a newer version wrote it."),
        };
    }

    public static HistoryKind KindOf(HistoryEvent historyEvent) => historyEvent switch
    {
        ExecutionStarted => HistoryKind.ExecutionStarted,
        TurnStarted => HistoryKind.TurnStarted,
        TaskScheduled => HistoryKind.TaskScheduled,
        TaskCompleted => HistoryKind.TaskCompleted,
        TaskFailed => HistoryKind.TaskFailed,
        TimerCreated => HistoryKind.TimerCreated,
        TimerFired => HistoryKind.TimerFired,
        TimerCancelled => HistoryKind.TimerCancelled,
        SubOrchestrationScheduled => HistoryKind.SubOrchestrationScheduled,
        SubOrchestrationCompleted => HistoryKind.SubOrchestrationCompleted,
        SubOrchestrationFailed => HistoryKind.SubOrchestrationFailed,
        EventRaised => HistoryKind.EventRaised,
        ExecutionSuspended => HistoryKind.ExecutionSuspended,
        ExecutionResumed => HistoryKind.ExecutionResumed,
        ExecutionTerminated => HistoryKind.ExecutionTerminated,
        ExecutionCompleted => HistoryKind.ExecutionCompleted,
        ExecutionFailed => HistoryKind.ExecutionFailed,
        ExecutionForked => HistoryKind.ExecutionForked,
        ExecutionRewound => HistoryKind.ExecutionRewound,
        _ => throw Unknown(historyEvent),
    };

    public static byte[] FailureToBytes(FailureDetails failure)
    {
        var writer = new ByteWriter();
        WriteFailure(writer, failure);
        var bytes = writer.Written.ToArray();
        writer.Clear();
        return bytes;
    }

    public static FailureDetails FailureFromBytes(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        return ReadFailure(ref reader);
    }

    private static void WriteResult(ByteWriter writer, int taskId, ReadOnlyMemory<byte> output)
    {
        writer.WriteInt(taskId);
        writer.WriteBytes(output.Span);
    }

    private static void WriteFailed(ByteWriter writer, int taskId, FailureDetails failure)
    {
        writer.WriteInt(taskId);
        WriteFailure(writer, failure);
    }

    private static void WriteFailure(ByteWriter writer, FailureDetails failure)
    {
        writer.WriteText(failure.ErrorType);
        writer.WriteText(failure.Message);
        writer.WriteByte((byte)((failure.IsNonRetryable ? 1 : 0) | (failure.Inner is null ? 0 : 2)));
        if (failure.Inner is not null)
        {
            WriteFailure(writer, failure.Inner);
        }
    }

    private static FailureDetails ReadFailure(ref ByteReader reader)
    {
        var type = reader.ReadText();
        var message = reader.ReadText();
        var flags = reader.ReadByte();
        return new FailureDetails(type, message, (flags & 1) != 0, (flags & 2) != 0 ? ReadFailure(ref reader) : null);
    }

    private static void WriteOptional(ByteWriter writer, string? text)
    {
        writer.WriteByte(text is null ? (byte)0 : (byte)1);
        if (text is not null)
        {
            writer.WriteText(text);
        }
    }

    private static string? ReadOptional(ref ByteReader reader) => reader.ReadByte() == 0 ? null : reader.ReadText();

    private static InvalidOperationException Unknown(HistoryEvent historyEvent) =>
        new($"History event '{historyEvent.GetType().Name}' has no wire kind.");
}
