using System.Net;
using AgentWorkflows.Hosting;
using AgentWorkflows.Hosting.Settings;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace AgentWorkflows.Server.Hosting;

/// <summary>What the web server is told: <c>PathBase</c>, <c>Proxies</c>, and under <c>Kestrel</c> what ASP.NET Core reads there, such as certificates.</summary>
internal sealed record WebSettings
{
    public const string PathBaseKey = "PathBase";
    public const string ProxiesKey = "Proxies";
    public const string KestrelKey = "Kestrel";

    /// <summary>Before every address, such as <c>/agents</c>; empty: nothing.</summary>
    public PathString PathBase { get; init; }

    /// <summary>Whose X-Forwarded-For, -Proto, -Host and -Prefix are believed; empty: nobody's.</summary>
    public IReadOnlyList<System.Net.IPNetwork> Proxies { get; init; } = [];

    public static (WebSettings Settings, IReadOnlyList<string> Problems) Read(IConfiguration configuration)
    {
        var problems = new List<string>();
        var path = configuration[PathBaseKey]?.TrimEnd('/') ?? "";
        if (path.Length > 0 && (path[0] != '/' || path.Contains("//", StringComparison.Ordinal) || !Uri.IsWellFormedUriString(path, UriKind.Relative) || path.AsSpan().ContainsAny("?#")))
        {
            problems.Add($"{PathBaseKey} is '{configuration[PathBaseKey]}'. It must be a path such as /agents.");
            path = "";
        }
        var proxies = new List<System.Net.IPNetwork>();
        foreach (var entry in configuration.GetSection(ProxiesKey).GetChildren())
        {
            if (System.Net.IPNetwork.TryParse(entry.Value ?? "", out var network))
            {
                proxies.Add(network);
            }
            else if (IPAddress.TryParse(entry.Value, out var address))
            {
                proxies.Add(new System.Net.IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else
            {
                problems.Add($"{entry.Path} is '{entry.Value}'. It must be an address such as 10.0.0.5, or a network such as 10.0.0.0/8.");
            }
        }
        return (new WebSettings { PathBase = path, Proxies = proxies }, problems);
    }

    public static void Add(IAgentWorkflowsBuilder builder)
    {
        builder.AddSettings(PathBaseKey, (_, configuration) => Read(configuration), isValue: true);
        builder.Services.AddSingleton(new SettingsKey(ProxiesKey));
        builder.Services.AddSingleton(new SettingsKey(KestrelKey));
        builder.Services.AddSingleton<IStartupFilter, ProxyFilter>();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IServiceProvider>(ReadKestrel);
    }

    /// <summary>Where it listens instead of the addresses that are given, as ASP.NET Core has it; empty: nothing of the kind.</summary>
    public static IReadOnlyList<string> Endpoints(IServiceProvider services) =>
        [.. Kestrel(services).GetSection("Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>()];

    private static IConfigurationSection Kestrel(IServiceProvider services) => services.GetRequiredService<SettingsSources>().Merge(hostsOwnToo: true).GetSection(KestrelKey);

    private static void ReadKestrel(KestrelServerOptions kestrel, IServiceProvider services)
    {
        // The host has read its own section already; read again with ours, which stands in other places too.
        if (services.GetRequiredService<SettingsSources>().Merge(hostsOwnToo: false).GetSection(KestrelKey).Exists())
        {
            kestrel.Configure(Kestrel(services));
        }
    }

    /// <summary>Before everything else in the program: what a request says of its way here, and the path that all addresses begin with.</summary>
    private sealed class ProxyFilter(IOptions<WebSettings> settings) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            var web = settings.Value;
            if (web.Proxies.Count > 0)
            {
                var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All, ForwardLimit = null };
                // Its own defaults trust whatever runs on this machine.
                options.KnownIPNetworks.Clear();
                options.KnownProxies.Clear();
                web.Proxies.ToList().ForEach(options.KnownIPNetworks.Add);
                app.UseForwardedHeaders(options);
            }
            if (web.PathBase.HasValue)
            {
                app.UsePathBase(web.PathBase);
            }
            next(app);
        };
    }
}
