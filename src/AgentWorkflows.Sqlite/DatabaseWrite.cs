namespace AgentWorkflows.Sqlite;

/// <summary>One change of the product's file, and who waits for it.</summary>
internal abstract class DatabaseWrite
{
    public abstract void Run(SqlConnection connection);

    public abstract void Complete();

    public abstract void Fail(Exception exception);
}

/// <summary>What fails alone is dropped: the write that its caller goes on to make meets the same file, and fails for the caller to see.</summary>
internal sealed class AlongWrite<T>(Func<SqlConnection, T> action, Action<T> done) : DatabaseWrite
{
    private T? _result;

    public override void Run(SqlConnection connection) => _result = action(connection);

    public override void Complete() => done(_result!);

    public override void Fail(Exception exception)
    {
    }
}

internal sealed class DatabaseWrite<T>(Func<SqlConnection, T> action) : DatabaseWrite
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Completion => _completion.Task;

    public override void Run(SqlConnection connection) => _result = action(connection);

    public override void Complete() => _completion.TrySetResult(_result!);

    public override void Fail(Exception exception) => _completion.TrySetException(exception);
}
