using AgentWorkflows.Azure.Tests;
using Xunit;

namespace AgentWorkflows.Functions.Tests.Hosting;

/// <summary>The tests that need the storage emulator: one after the other, on one process that ends with the last of them.</summary>
[CollectionDefinition(Name)]
public sealed class AzuriteCollection : ICollectionFixture<AzuriteProcess>
{
    public const string Name = "storage emulator";
}

public sealed class AzuriteProcess : IDisposable
{
    public void Dispose() => Azurite.Stop();
}

/// <summary>Skipped where the storage emulator is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AzuriteFactAttribute : FactAttribute
{
    public AzuriteFactAttribute()
    {
        Skip = Azurite.MissingReason;
        Timeout = 120_000;
    }
}

/// <summary>As <see cref="AzuriteFactAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AzuriteTheoryAttribute : TheoryAttribute
{
    public AzuriteTheoryAttribute()
    {
        Skip = Azurite.MissingReason;
        Timeout = 600_000;
    }
}
