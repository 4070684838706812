using AgentWorkflows.Approvals;
using AgentWorkflows.Sqlite;
using AgentWorkflows.Testing.Conformance;

namespace AgentWorkflows.Server.Tests.Storage;

public sealed class SqliteApprovalStoreTests() : ApprovalStoreConformance(ProductFile<IApprovalStore>.Of(database => new SqliteApprovalStore(database)));

public sealed class SqliteApprovalVotesTests() : ApprovalVotesConformance(ProductFile<IApprovalStore>.Of(database => new SqliteApprovalStore(database)));
