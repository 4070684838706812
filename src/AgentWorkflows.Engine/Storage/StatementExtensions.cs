using AgentWorkflows.Durability;
using AgentWorkflows.Engine.History;

namespace AgentWorkflows.Engine.Storage;

internal static class StatementExtensions
{
    public static SqliteStatement BindFailure(this SqliteStatement statement, int index, FailureDetails? failure) =>
        failure is null ? statement.BindNull(index) : statement.BindBlob(index, HistoryCodec.FailureToBytes(failure));

    public static SqliteStatement BindIf(this SqliteStatement statement, bool present, int index, string? value) =>
        present ? statement.Bind(index, value) : statement;

    public static SqliteStatement BindIf(this SqliteStatement statement, bool present, int index, long? value) =>
        present ? statement.Bind(index, value) : statement;
}
