using AgentWorkflows.Hosting;

namespace AgentWorkflows.Server.Hosting;

/// <summary>Which addresses the server may listen on: without keys only this machine's own.</summary>
internal static class Binding
{
    /// <returns>The problem, or <c>null</c>.</returns>
    public static string? Check(string urls, bool hasKeys)
    {
        var addresses = Split(urls);
        if (addresses.Count == 0)
        {
            return "--urls is empty. Give an address such as http://localhost:7071.";
        }
        foreach (var address in addresses)
        {
            if (Parse(address) is not { } parsed)
            {
                return $"--urls: '{address}' is not an address such as http://localhost:7071 or https://0.0.0.0:8443.";
            }
            if (!hasKeys && (parsed.IsUnixPipe || !Loopback.IsLoopbackHost(parsed.Host)))
            {
                return $"--urls: '{address}' is reachable from other machines, and no API keys are configured, so anybody there could spend money. "
                    + "Listen on http://localhost:PORT, or configure keys: ApiKeys in agentworkflows.json, or AGENTWORKFLOWS_ApiKeys__0__Name, "
                    + "__Hash (SHA-256 of the key, hexadecimal), __Roles (start,approve,operate,read) and __User in the environment.";
            }
        }
        return null;
    }

    /// <summary>An address at which people reach what listens there; for a wildcard, by this machine's name.</summary>
    public static Uri? PublicUrlOf(string address)
    {
        if (Parse(address) is not { IsUnixPipe: false } parsed)
        {
            return null;
        }
        var host = parsed.Host is "*" or "+" or "0.0.0.0" or "[::]" ? Environment.MachineName : parsed.Host;
        return Uri.TryCreate(FormattableString.Invariant($"{parsed.Scheme}://{host}:{parsed.Port}/"), UriKind.Absolute, out var url) ? url : null;
    }

    public static IReadOnlyList<string> Split(string urls) =>
        urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static BindingAddress? Parse(string address)
    {
        try
        {
            var parsed = BindingAddress.Parse(address);
            return parsed.Scheme is "http" or "https" ? parsed : null;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            return null;
        }
    }
}
