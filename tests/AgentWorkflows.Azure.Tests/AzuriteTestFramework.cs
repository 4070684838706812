using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace AgentWorkflows.Azure.Tests;

/// <summary>Ends the emulator after the tests; without one, skips those that need it and says why.</summary>
public sealed class AzuriteTestFramework(IMessageSink messages) : XunitTestFramework(messages)
{
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(AssemblyName assembly, ISourceInformationProvider sources, IMessageSink diagnostics)
        : XunitTestFrameworkExecutor(assembly, sources, diagnostics)
    {
        protected override async void RunTestCases(
            IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions)
        {
            var cases = testCases.Select(test => Azurite.MissingReason is { } reason && NeedsAzurite(test)
                ? new SkippedCase(DiagnosticMessageSink, test, reason)
                : test);
            using var runner = new Runner(TestAssembly, cases, DiagnosticMessageSink, executionMessageSink, executionOptions);
            await runner.RunAsync();
        }

        private static bool NeedsAzurite(IXunitTestCase test) =>
            !test.TestMethod.TestClass.Class.GetCustomAttributes(typeof(NoStorageAttribute)).Any();
    }

    private sealed class Runner(
        ITestAssembly assembly, IEnumerable<IXunitTestCase> cases, IMessageSink diagnostics, IMessageSink execution, ITestFrameworkExecutionOptions options)
        : XunitTestAssemblyRunner(assembly, cases, diagnostics, execution, options)
    {
        // Before the end is announced: after it, the process may be ended at any moment, and the emulator would outlive it.
        protected override Task BeforeTestAssemblyFinishedAsync()
        {
            Azurite.Stop();
            return base.BeforeTestAssemblyFinishedAsync();
        }
    }

    public sealed class SkippedCase : XunitTestCase
    {
        [Obsolete("For xunit's deserializer.")]
        public SkippedCase()
        {
        }

        public SkippedCase(IMessageSink diagnostics, IXunitTestCase test, string reason)
            : base(diagnostics, TestMethodDisplay.ClassAndMethod, TestMethodDisplayOptions.None, test.TestMethod, test.TestMethodArguments) =>
            SkipReason = reason;
    }
}

/// <summary>Tests that need no storage.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NoStorageAttribute : Attribute;
