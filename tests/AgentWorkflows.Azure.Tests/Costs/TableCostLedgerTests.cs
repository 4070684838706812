using AgentWorkflows.Azure.Costs;
using AgentWorkflows.Costs;
using AgentWorkflows.Testing.Conformance;

namespace AgentWorkflows.Azure.Tests.Costs;

public sealed class TableCostLedgerTests()
    : CostLedgerConformance(TableFile<ICostLedger>.Of(tables => new TableCostLedger(tables, TimeProvider.System)));

public sealed class TableCostLedgerExpiryTests()
    : CostLedgerExpiryConformance(TableFile<ICostLedger>.Of(tables => new TableCostLedger(tables, TimeProvider.System)));

public sealed class TableCostLedgerRaceTests()
    : CostLedgerRaceConformance(TableFile<ICostLedger>.Of(tables => new TableCostLedger(tables, TimeProvider.System)))
{
    protected override int CallsPerCaller => 6;
}
