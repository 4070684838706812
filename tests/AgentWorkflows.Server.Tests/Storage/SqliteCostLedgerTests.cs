using AgentWorkflows.Costs;
using AgentWorkflows.Sqlite;
using AgentWorkflows.Testing.Conformance;

namespace AgentWorkflows.Server.Tests.Storage;

public sealed class SqliteCostLedgerTests() : CostLedgerConformance(ProductFile<ICostLedger>.Of(database => new SqliteCostLedger(database)));

public sealed class SqliteCostLedgerRaceTests() : CostLedgerRaceConformance(ProductFile<ICostLedger>.Of(database => new SqliteCostLedger(database)));

public sealed class SqliteCostLedgerExpiryTests() : CostLedgerExpiryConformance(ProductFile<ICostLedger>.Of(database => new SqliteCostLedger(database)));
