using Xunit;

namespace AgentWorkflows.Server.Tests.Environments;

/// <summary>Whatever the machine has in store, the program says in a sentence what, where and what to do, and ends with the exit code for it. Each row is a process.</summary>
public sealed class BadEnvironmentTests
{
    private const string Agent = "agents/order-desk/agent.yaml";
    private const string Serve = "$P serve --urls http://127.0.0.1:0";

    /// <summary>What is done to the surroundings, what is called there, its exit code, and what it says.</summary>
    public static TheoryData<string, string, int, string> Files() => new()
    {
        { $"mv {Agent} agents/order-desk/agent.yml", "$P validate", 1, "agents/order-desk/agent.yml:1\n  Nothing reads a file of this name. Rename it to agent.yaml." },
        { $"mv {Agent} agents/order-desk/Agents.yaml", "$P validate", 1, "Rename it to agent.yaml." },
        { $"mv {Agent} agents/agent.yaml", "$P validate agents --json", 1, "is not the name of its folder" },
        { "mv agents/order-desk/playbook.yaml agents/order-desk/playbook.yml", "$P validate", 1, "Rename it to playbook.yaml." },
        { "mv agents/prices.yaml agents/price.yml", "$P validate", 1, "Rename it to prices.yaml." },
        { $"rm {Agent}; mkdir {Agent}", "$P validate", 1, "This is a folder, not a file." },
        { $"rm {Agent}; ln -s nowhere {Agent}", "$P validate", 1, "This is a link to 'nowhere', which leads to nothing." },
        { $"rm {Agent}; ln -s agent.yaml {Agent}", "$P validate", 1, "This is a link to 'agent.yaml', which leads to nothing." },
        { $"rm {Agent}; mkfifo {Agent}", "$P validate", 1, "This is a pipe, a device or a socket, not a file." },
        { "rm agents/prices.yaml; ln -s /dev/zero agents/prices.yaml", "$P validate", 1, "This is a pipe, a device or a socket, not a file." },
        { "ln -s nowhere agents/second", "$P validate", 1, "This is a link to 'nowhere', which leads to nothing." },
        { $"iconv -f utf-8 -t utf-16le {Agent} > x; mv x {Agent}", "$P validate", 1, "There is a NUL character in this line: the file is no text, or UTF-16" },
        { $@"printf 'name: a\nversion: d\351sk\n' > {Agent}", "$P validate", 1, "agents/order-desk/agent.yaml:2\n  This line is not UTF-8." },
        { $@"printf 'name: x\n\tversion: 1\n' > {Agent}", "$P validate", 1, "agents/order-desk/agent.yaml:2\n  Not valid YAML" },
        { "sed -i '10s/^/  : : [/' agents/order-desk/playbook.yaml", "$P validate", 1, "agents/order-desk/playbook.yaml:10\n  Not valid YAML" },
        { "sed -i '5s/^/  : : [/' agents/prices.yaml", "$P validate", 1, "agents/prices.yaml:5\n  Not valid YAML" },
        { $"chmod 000 {Agent}", "$N $P validate", 1, "may not read this file. Change its owner or its rights" },
        { "chmod 000 agents/order-desk", "$N $P validate", 1, "may not read this folder." },
        { "chmod 000 agents", "$N $P validate", 1, "may not read this folder." },
        { $"rm {Agent}; mkfifo {Agent}", Serve, 1, "agents/order-desk/agent.yaml:1: This is a pipe" },
        { "mv agents/order-desk/agent.yaml agents/order-desk/agent.yml", Serve, 1, "Rename it to agent.yaml." },
    };

    public static TheoryData<string, string, int, string> Settings() => new()
    {
        { "ln -s nowhere agentworkflows.json", Serve, 1, "agentworkflows.json:1: This is a link to 'nowhere'" },
        { "mkdir agentworkflows.json", Serve, 1, "agentworkflows.json:1: This is a folder" },
        { "mkfifo agentworkflows.json", "$P sessions", 1, "agentworkflows.json:1: This is a pipe" },
        { "echo '{}' > agentworkflows.json; chmod 000 agentworkflows.json", "$N " + Serve, 1, "agentworkflows.json:1: The user 'nobody' may not read this file." },
        { @"printf '{\n\n x' > agentworkflows.json", Serve, 1, "agentworkflows.json:3: This is not valid JSON" },
        { "echo '[]' > agentworkflows.json", Serve, 1, "agentworkflows.json:1: This is not valid JSON: Top-level JSON element must be an object." },
        { ": > agentworkflows.json", Serve, 1, "agentworkflows.json:1: This is not valid JSON" },
        { "echo '{}' > agentworkflow.json", Serve, 1, "agentworkflow.json: nothing reads a file of this name. Rename it to agentworkflows.json." },
        { "echo '{\"Cost\":{}}' > agentworkflows.json", Serve, 1, "Cost: there is no such setting. Did you mean 'Costs'?" },
        { "echo '{\"Costs\":5}' > agentworkflows.json", Serve, 1, "Costs is a value, and must be a section with keys of its own." },
        { "echo '{\"ApiKeys\":[{\"Name\":\"a b\"}]}' > agentworkflows.json", Serve, 1, "ApiKeys:0:Name must be 1 to 64 letters" },
        { "echo '{\"Proxies\":[\"nonsense\"],\"PathBase\":\"x\"}' > agentworkflows.json", Serve, 1, "PathBase is 'x'. It must be a path such as /agents." },
        { "echo '{\"AgentWorkflow\":{\"Costs\":{}}}' > appsettings.json", Serve, 1, "AgentWorkflow: nothing reads this." },
        { ":", "AGENTWORKFLOWS_Cost__UserPerDay=5 " + Serve, 1, "AGENTWORKFLOWS_Cost__…: there is no such variable. Did you mean 'Costs'?" },
        { ":", "AGENTWORKFLOWS_Costs_UserPerDay=5 " + Serve, 1, "two underscores: AGENTWORKFLOWS_Costs__UserPerDay." },
        { ":", "AGENT_WORKFLOWS_Costs__UserPerDay=5 " + Serve, 1, "AGENT_WORKFLOWS_Costs: nothing reads this." },
        { ":", "OTEL_EXPORTER_OTLP_ENDPOINT=nonsense " + Serve, 1, "OTEL_EXPORTER_OTLP_ENDPOINT must be the http or https address" },
    };

    public static TheoryData<string, string, int, string> Data() => new()
    {
        { "rmdir data; echo > data", Serve + " --data data", 1, "The data folder 'data' cannot be used" },
        { "rmdir data; ln -s no/where data", Serve + " --data data", 1, "The data folder 'data' cannot be used" },
        { "chmod 555 data", "$N " + Serve + " --data data", 1, "The data folder 'data' cannot be used" },
        { "chmod 555 .", "$N " + Serve, 1, "The data folder '.data' cannot be used" },
        { "mkdir data/engine.db", Serve + " --data data", 1, "engine.db' failed (14, unable to open database file)" },
        { "mkdir data/agentworkflows.db", Serve + " --data data", 1, "The data folder 'data' cannot be used" },
        { "head -c 9000 /dev/urandom > data/engine.db", Serve + " --data data", 1, "The file is not a SQLite database" },
        { "head -c 9000 /dev/urandom > data/agentworkflows.db", Serve + " --data data", 1, "The data folder 'data' cannot be used" },
        { "mkfifo data/engine.db", Serve + " --data data", 1, "engine.db' failed" },
        { "mkdir data/engine.db.lock", Serve + " --data data", 1, "engine.db' cannot be opened" },
        { "echo hello > data/approval-keys", Serve + " --data data", 1, "approval-keys: " },
        { "mkfifo data/approval-keys", Serve + " --data data", 1, "approval-keys: This is a pipe" },
        { ":", "$P sessions --data ''", 2, "--data is empty." },
        { ":", Serve + " --data /dev/full", 1, "The data folder '/dev/full' cannot be used" },
        { "echo > f", "$P schema --out f", 1, "already exists" },
        { "mkdir ro; chmod 555 ro", "$N $P schema --out ro", 1, "has not the right to do this" },
    };

    public static TheoryData<string, string, int, string> Addresses() => new()
    {
        { ":", "$P serve --urls http://127.0.0.1:99999", 2, "has no port that there is. Give a port from 0 to 65535" },
        { ":", "$P serve --urls http://127.0.0.1:-1", 2, "has no port that there is." },
        { ":", "$P serve --urls http://127.0.0.1:abc", 2, "has no port that there is." },
        { ":", "$P serve --urls http://localhost:0", 2, "For any free port write http://127.0.0.1:0." },
        { ":", "$P serve --urls http://127.0.0.1:7999/agents", 2, "Listen on http://127.0.0.1:7999, and set PathBase to '/agents'" },
        { ":", "ASPNETCORE_URLS=http://127.0.0.1:99999 $P serve", 2, "has no port that there is." },
        { ":", "$P serve --urls https://127.0.0.1:0", 1, "there is no certificate. Name one: Kestrel:Certificates:Default" },
        { "echo '{\"Kestrel\":{\"Certificates\":{\"Default\":{\"Path\":\"no.pfx\"}}}}' > agentworkflows.json", "$P serve --urls https://127.0.0.1:0", 1, "no.pfx'. Check the files under Kestrel:Certificates." },
        { "echo x > x.pfx; echo '{\"Kestrel\":{\"Certificates\":{\"Default\":{\"Path\":\"x.pfx\"}}}}' > agentworkflows.json", "$P serve --urls https://127.0.0.1:0", 1, "the certificate cannot be used" },
        { "echo '{\"Kestrel\":{\"Endpoints\":{\"A\":{\"Url\":\"http://0.0.0.0:7999\"}}}}' > appsettings.json", "$P serve", 2, "Kestrel:Endpoints: 'http://0.0.0.0:7999' is reachable from other machines" },
        { ":", "$P serve --urls 'http://127.0.0.1:48211;http://127.0.0.1:48211'", 1, "another program listens there already" },
        { ":", "$P sessions --url http://127.0.0.1:1", 1, "Is the server running there?" },
    };

    public static TheoryData<string, string, int, string> Streams() => new()
    {
        { ":", "$P validate > /dev/full", 1, "Standard output cannot be written: No space left on device." },
        { ":", "$P --help > /dev/full", 1, "Standard output cannot be written: No space left on device." },
        { ":", "$P validate --json > /dev/full", 1, "{\"error\":\"Standard output cannot be written: No space left on device." },
        { ":", "$P validate >&-", 1, "Standard output cannot be written: Bad file descriptor." },
        { ":", "$P validate nowhere 2>&-", 1, "" },
        { ":", "$P --help | true; echo ${PIPESTATUS[0]}", 0, "0" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    [MemberData(nameof(Settings))]
    [MemberData(nameof(Data))]
    [MemberData(nameof(Addresses))]
    [MemberData(nameof(Streams))]
    public async Task IsToldInASentence(string prepared, string called, int exitCode, string said)
    {
        using var surroundings = new Surroundings();
        await surroundings.RunAsync(prepared);

        var (code, text) = await surroundings.RunAsync(called);

        Assert.Contains(said, text, StringComparison.Ordinal);
        Assert.DoesNotContain("Unexpected error", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.Equal(exitCode, code);
    }
}
