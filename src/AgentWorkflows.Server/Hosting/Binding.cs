using System.Net.Sockets;
using System.Security.Cryptography;
using AgentWorkflows.Hosting;
using Microsoft.AspNetCore.Connections;

namespace AgentWorkflows.Server.Hosting;

/// <summary>Which addresses the server may listen on: without keys only this machine's own.</summary>
internal static class Binding
{
    /// <param name="where">What said so.</param>
    /// <returns>The problem, or <c>null</c>.</returns>
    public static string? Check(string urls, bool hasKeys, string where = "--urls")
    {
        var addresses = Split(urls);
        if (addresses.Count == 0)
        {
            return $"{where} is empty. Give an address such as http://localhost:7071.";
        }
        foreach (var address in addresses)
        {
            if (Parse(address) is not { } parsed)
            {
                return $"{where}: '{address}' is not an address such as http://localhost:7071 or https://0.0.0.0:8443.";
            }
            if (Unusable(address, parsed, where) is { } unusable)
            {
                return unusable;
            }
            if (!hasKeys && (parsed.IsUnixPipe || !Loopback.IsLoopbackHost(parsed.Host)))
            {
                return $"{where}: '{address}' is reachable from other machines, and no API keys are configured, so anybody there could spend money. "
                    + "Listen on http://localhost:PORT, or configure keys: ApiKeys in agentworkflows.json, or AGENTWORKFLOWS_ApiKeys__0__Name, "
                    + "__Hash (SHA-256 of the key, hexadecimal), __Roles (start,approve,operate,read) and __User in the environment.";
            }
        }
        return null;
    }

    private static string? Unusable(string address, BindingAddress parsed, string where)
    {
        const string port = "Give a port from 0 to 65535, such as http://localhost:7071; 0 is any free one.";
        // What is no number is taken for a part of the name.
        if (!parsed.IsUnixPipe && (parsed.Port is < 0 or > 65535 || (parsed.Host.Contains(':', StringComparison.Ordinal) && !parsed.Host.StartsWith('['))))
        {
            return $"{where}: '{address}' has no port that there is. {port}";
        }
        if (parsed is { IsUnixPipe: false, Port: 0, Host: "localhost" })
        {
            return $"{where}: '{address}' would be two ports, one for each of localhost's addresses. For any free port write {parsed.Scheme}://127.0.0.1:0.";
        }
        return parsed.PathBase.Length > 0
            ? $"{where}: '{address}' has a path. Listen on {address[..^parsed.PathBase.Length]}, and set PathBase to '{parsed.PathBase}' in agentworkflows.json."
            : null;
    }

    /// <summary>What keeps a server from listening, or <c>null</c>: the failure is no matter of addresses.</summary>
    public static string? Tell(Exception failure, string urls)
    {
        var told = failure switch
        {
            AddressInUseException or { InnerException: AddressInUseException } =>
                "another program listens there already, maybe a server that runs on. Stop it, or choose another port with --urls.",
            SocketException { SocketErrorCode: SocketError.AccessDenied } =>
                $"the user '{Environment.UserName}' may not take this port; those below 1024 are the system's. Choose a higher one with --urls.",
            SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => "no network interface of this machine has this address. Choose one that it has, or 0.0.0.0 for all.",
            SocketException socket => $"{socket.Message.TrimEnd('.')}. Choose another address with --urls.",
            CryptographicException certificate =>
                $"the certificate cannot be used: {certificate.Message.TrimEnd('.')}. Check the file and the password under Kestrel:Certificates:Default.",
            InvalidOperationException when urls.Contains("https:", StringComparison.OrdinalIgnoreCase) =>
                "there is no certificate. Name one: Kestrel:Certificates:Default with Path (and KeyPath, or Password) in agentworkflows.json, or the variable "
                + "Kestrel__Certificates__Default__Path. Or listen on http behind a proxy that has one.",
            IOException file => $"{file.Message.TrimEnd('.')}. Check the files under Kestrel:Certificates.",
            _ => null,
        };
        return told is null ? null : $"Cannot listen on {urls}: {told}";
    }

    /// <summary>An address at which people reach what listens there; for a wildcard, by this machine's name.</summary>
    public static Uri? PublicUrlOf(string address, string pathBase = "")
    {
        if (Parse(address) is not { IsUnixPipe: false } parsed)
        {
            return null;
        }
        var host = parsed.Host is "*" or "+" or "0.0.0.0" or "[::]" ? Environment.MachineName : parsed.Host;
        return Uri.TryCreate(FormattableString.Invariant($"{parsed.Scheme}://{host}:{parsed.Port}{pathBase}/"), UriKind.Absolute, out var url) ? url : null;
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
