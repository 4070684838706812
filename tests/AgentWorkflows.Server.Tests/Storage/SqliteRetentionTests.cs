using AgentWorkflows.Operations;
using AgentWorkflows.Sqlite;
using AgentWorkflows.Testing.Conformance;

namespace AgentWorkflows.Server.Tests.Storage;

public sealed class SqliteRetentionTests()
    : RetentionConformance(ProductFile<RetentionStores>.Of(database => new RetentionStores(
        new SqliteRetention(database), new SqliteSessionStore(database, TimeProvider.System), new SqliteApprovalStore(database))));

public sealed class SqliteDailyClaimsTests()
    : DailyClaimsConformance(ProductFile<IDailyClaims>.Of(database => new SqliteDailyClaims(database)));
