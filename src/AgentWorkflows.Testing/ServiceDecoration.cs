using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentWorkflows.Testing;

/// <summary>Puts something around a service that a host has registered, such as a store that crashes.</summary>
public static class ServiceDecoration
{
    /// <param name="around">Called once, with what was registered last.</param>
    /// <exception cref="InvalidOperationException">There is no such service.</exception>
    public static IServiceCollection Decorate<TService>(this IServiceCollection services, Func<TService, TService> around)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(services);
        var inner = services.Last(service => service.ServiceType == typeof(TService));
        return services.Replace(ServiceDescriptor.Singleton(provider => around((TService)Create(provider, inner))));
    }

    private static object Create(IServiceProvider provider, ServiceDescriptor service) =>
        service.ImplementationInstance ?? service.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, service.ImplementationType!);
}
