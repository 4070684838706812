using AgentWorkflows.Approvals;
using AgentWorkflows.Azure.Approvals;
using AgentWorkflows.Testing.Conformance;

namespace AgentWorkflows.Azure.Tests.Approvals;

public sealed class TableApprovalStoreTests() : ApprovalStoreConformance(TableFile<IApprovalStore>.Of(tables => new TableApprovalStore(tables)));

public sealed class TableApprovalVotesTests() : ApprovalVotesConformance(TableFile<IApprovalStore>.Of(tables => new TableApprovalStore(tables)));
