using AgentWorkflows.Azure.Approvals;
using AgentWorkflows.Azure.Monitoring;
using AgentWorkflows.Azure.Sessions;
using AgentWorkflows.Operations;
using AgentWorkflows.Testing.Conformance;

namespace AgentWorkflows.Azure.Tests.Monitoring;

public sealed class TableRetentionTests()
    : RetentionConformance(TableFile<RetentionStores>.Of(tables => new RetentionStores(
        new TableRetention(tables), new TableSessionStore(tables, TimeProvider.System), new TableApprovalStore(tables))));

public sealed class TableDailyClaimsTests()
    : DailyClaimsConformance(TableFile<IDailyClaims>.Of(tables => new TableDailyClaims(tables)));
