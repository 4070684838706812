using System.Reflection;
using AgentWorkflows.Durability;
using AgentWorkflows.Functions.Orchestrations;
using AgentWorkflows.Hosting;
using Microsoft.Azure.Functions.Worker;
using Xunit;

namespace AgentWorkflows.Functions.Tests.Durable;

/// <summary>What history calls by name is there to be called.</summary>
public sealed class FunctionNamesTests
{
    private static readonly DurableRegistry Registry = new DurableRegistry().AddAgentWorkflows();

    [Fact]
    public void Every_registered_orchestrator_has_one_function_with_its_wire_name() => Assert.Equal(
        Registry.Orchestrators.Select(orchestrator => orchestrator.Name).Distinct().Order(StringComparer.Ordinal),
        Triggers<OrchestrationTriggerAttribute>(typeof(OrchestratorFunctions)).Select(trigger => trigger.Attribute.Orchestration!).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_registered_activity_has_one_function_with_its_wire_name() => Assert.Equal(
        Registry.Activities.Select(activity => activity.Name).Order(StringComparer.Ordinal),
        Triggers<ActivityTriggerAttribute>(typeof(ActivityFunctions)).Select(trigger => trigger.Attribute.Activity!).Order(StringComparer.Ordinal));

    [Fact]
    public void Functions_are_named_after_what_they_run_and_as_the_platform_allows()
    {
        var named = Triggers<ActivityTriggerAttribute>(typeof(ActivityFunctions)).Select(trigger => (trigger.Function, Wire: trigger.Attribute.Activity!))
            .Concat(Triggers<OrchestrationTriggerAttribute>(typeof(OrchestratorFunctions)).Select(trigger => (trigger.Function, Wire: trigger.Attribute.Orchestration!)));

        Assert.All(named, pair =>
        {
            Assert.Equal(pair.Wire.Replace('.', '_'), pair.Function);
            Assert.Matches("^[A-Za-z][A-Za-z0-9_-]{0,127}$", pair.Function);
        });
    }

    [Fact]
    public void No_two_functions_have_the_same_name()
    {
        var names = typeof(ActivityFunctions).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .Select(method => method.GetCustomAttribute<FunctionAttribute>()?.Name).OfType<string>().ToList();

        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    private static IEnumerable<(string Function, T Attribute)> Triggers<T>(Type type)
        where T : Attribute =>
        from method in type.GetMethods()
        from parameter in method.GetParameters()
        let attribute = parameter.GetCustomAttribute<T>()
        where attribute is not null
        select (method.GetCustomAttribute<FunctionAttribute>()!.Name, attribute);
}
