[assembly: Xunit.TestFramework("AgentWorkflows.Azure.Tests.AzuriteTestFramework", "AgentWorkflows.Azure.Tests")]
