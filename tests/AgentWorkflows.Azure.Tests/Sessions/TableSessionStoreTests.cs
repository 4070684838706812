using AgentWorkflows.Azure.Sessions;
using AgentWorkflows.Record;
using AgentWorkflows.Testing.Conformance;

namespace AgentWorkflows.Azure.Tests.Sessions;

public sealed class TableSessionStoreTests()
    : SessionStoreConformance(TableFile<ISessionStore>.Of(tables => new TableSessionStore(tables, TimeProvider.System)));

public sealed class TableSessionListTests()
    : SessionListConformance(TableFile<ISessionStore>.Of(tables => new TableSessionStore(tables, TimeProvider.System)));
