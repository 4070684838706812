using AgentWorkflows.Record;
using AgentWorkflows.Sqlite;
using AgentWorkflows.Testing.Conformance;

namespace AgentWorkflows.Server.Tests.Storage;

public sealed class SqliteSessionStoreTests()
    : SessionStoreConformance(ProductFile<ISessionStore>.Of(database => new SqliteSessionStore(database, TimeProvider.System)));

public sealed class SqliteSessionListTests()
    : SessionListConformance(ProductFile<ISessionStore>.Of(database => new SqliteSessionStore(database, TimeProvider.System)));
