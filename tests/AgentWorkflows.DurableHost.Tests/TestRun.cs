using Xunit;

// Most of a test's time is a wait for a queue or a lease; so more of them run at a time than there are processors.
[assembly: CollectionBehavior(MaxParallelThreads = 8)]
[assembly: TestFramework("AgentWorkflows.Azure.Tests.AzuriteTestFramework", "AgentWorkflows.DurableHost.Tests")]
