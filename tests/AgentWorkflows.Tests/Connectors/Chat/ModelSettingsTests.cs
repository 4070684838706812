using AgentWorkflows.Connectors;
using AgentWorkflows.Connectors.Chat;
using AgentWorkflows.Models;
using AgentWorkflows.Testing;
using AgentWorkflows.Tests.Agents;
using AgentWorkflows.TestSupport.Chat;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace AgentWorkflows.Tests.Connectors.Chat;

public sealed class ModelSettingsTests
{
    private static readonly (string, string?)[] BothProviders =
    [
        ("AZURE_OPENAI_ENDPOINT", "https://desk.openai.azure.com/"), ("AZURE_OPENAI_DEPLOYMENT", "gpt-4.1"), ("AZURE_OPENAI_API_KEY", "azure-key"),
        ("OPENAI_API_KEY", "openai-key"), ("OPENAI_MODEL", "gpt-4o"),
    ];

    private static readonly (string, string?)[] West =
    [
        ("Models:Endpoints:WEST:Endpoint", "https://west.example.com/v1"), ("Models:Endpoints:WEST:ApiKey", "west-key"),
        ("Models:Endpoints:north:Endpoint", "https://north.openai.azure.com"), ("Models:Endpoints:north:Azure", "true"),
    ];

    [Theory]
    [InlineData("gpt-4.1", "https://desk.openai.azure.com/", "gpt-4.1", "azure-key")]
    [InlineData("other", "https://desk.openai.azure.com/", "other", "azure-key")]
    [InlineData("azure/gpt-4.1", "https://desk.openai.azure.com/", "gpt-4.1", "azure-key")]
    [InlineData("openai/gpt-4o", "https://api.openai.com/v1/", "gpt-4o", "openai-key")]
    [InlineData("west/gpt-4.1", "https://west.example.com/v1/", "gpt-4.1", "west-key")]
    [InlineData("west/meta/llama", "https://west.example.com/v1/", "meta/llama", "west-key")]
    [InlineData("north/gpt-4.1", "https://north.openai.azure.com/", "gpt-4.1", null)]
    public void AName_ReachesItsEndpoint(string deployment, string address, string model, string? key)
    {
        var found = Read([.. BothProviders, .. West]).Locate(deployment)!.Value;

        Assert.Equal((new Uri(address), key, model), (found.Endpoint.Address, found.Endpoint.ApiKey, found.Model));
    }

    [Fact]
    public void AnUnknownEndpoint_IsAProblemWhereTheHostKnowsAny_WithWhatIsKnownAndWhatToSet()
    {
        var settings = Read([.. BothProviders, .. West]);

        Assert.Null(settings.Locate("east/gpt-4.1"));
        Assert.Equal(
            "There is no endpoint 'east'. Known: azure, north, openai, west. Configure Models__Endpoints__east__Endpoint, or name a deployment of a known endpoint; "
            + "a model whose own name has a slash is written as ENDPOINT/east/gpt-4.1.",
            settings.ProblemOf("east/gpt-4.1"));
        Assert.Null(settings.ProblemOf("gpt-9"));
        Assert.Null(new ModelSettings().ProblemOf("east/gpt-4.1"));
    }

    [Fact]
    public void AnAgent_ThatNamesAnUnknownEndpoint_IsNotLoaded()
    {
        var head = AgentFiles.Head.Replace("{deployment: offline-playbook}", "{deployment: default, fallback: east/offline-playbook}");

        Assert.Contains(
            AgentFiles.Problems(head + AgentFiles.Tools, endpointProblem: Read(BothProviders).ProblemOf),
            problem => problem.StartsWith("desk/agent.yaml:5: models.plan.fallback: There is no endpoint 'east'.", StringComparison.Ordinal));
        AgentFiles.Valid(agent: head + AgentFiles.Tools);
    }

    [Theory]
    [InlineData("OPENAI_MODEL=gpt-4.1;OPENAI_API_KEY=k;OPENAI_FALLBACK_MODEL=gpt-4.1-mini", "openai", "gpt-4.1", "gpt-4.1-mini")]
    [InlineData("OPENAI_BASE_URL=http://127.0.0.1:8080/v1;OPENAI_MODEL=meta/llama;OPENAI_FALLBACK_MODEL=meta/tiny", "openai", "meta/llama", "meta/tiny")]
    [InlineData("AZURE_OPENAI_ENDPOINT=https://a.example;AZURE_OPENAI_DEPLOYMENT=big;AZURE_OPENAI_FALLBACK_DEPLOYMENT=small", "azure", "big", "small")]
    [InlineData("AZURE_OPENAI_ENDPOINT=https://a.example;AZURE_OPENAI_DEPLOYMENT=big;OPENAI_API_KEY=k;OPENAI_FALLBACK_MODEL=gpt-4o", "azure", "big", "openai/gpt-4o")]
    [InlineData("AZURE_OPENAI_ENDPOINT=https://a.example;OPENAI_MODEL=big", "azure", "big", null)]
    [InlineData("ANTHROPIC_API_KEY=k;ANTHROPIC_MODEL=claude;ANTHROPIC_FALLBACK_MODEL=claude-small", "anthropic", "claude", "claude-small")]
    [InlineData("OLLAMA_BASE_URL=http://127.0.0.1:11434;OLLAMA_MODEL=qwen3:8b", "ollama", "qwen3:8b", null)]
    [InlineData("OLLAMA_BASE_URL=http://127.0.0.1:11434;OLLAMA_MODEL=qwen3:8b;OPENAI_API_KEY=k;OPENAI_MODEL=gpt-4.1", "openai", "gpt-4.1", null)]
    [InlineData("OPENAI_API_KEY=k", null, null, null)]
    [InlineData("ANTHROPIC_API_KEY=k", null, null, null)]
    [InlineData("", null, null, null)]
    public void TheDefault_AndItsFallback_AreWhatTheProvidersVariablesName(string variables, string? endpoint, string? model, string? fallback)
    {
        var settings = Read([.. variables.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pair => (pair.Split('=')[0], (string?)pair.Split('=')[1]))]);

        Assert.Equal((endpoint, model, fallback), (settings.DefaultEndpoint, settings.Deployment, settings.Fallback));
        Assert.All(new[] { model, fallback }.OfType<string>(), name => Assert.NotNull(settings.Locate(name)));
    }

    [Theory]
    [InlineData("AZURE_OPENAI_ENDPOINT", "https://a.example", "AZURE_OPENAI_ENDPOINT is set, but AZURE_OPENAI_DEPLOYMENT is not.")]
    [InlineData("AZURE_OPENAI_ENDPOINT", "http://a.example", "AZURE_OPENAI_ENDPOINT is 'http://a.example'; it must be an https address, or http on this machine")]
    [InlineData("OPENAI_BASE_URL", "https://bo:hunter2@a.example", "OPENAI_BASE_URL must be an https address")]
    [InlineData("OPENAI_BASE_URL", "https://a.example/v1?key=1", "OPENAI_BASE_URL is")]
    [InlineData("OPENAI_BASE_URL", "https://a.example", "OPENAI_BASE_URL is set, but OPENAI_MODEL is not.")]
    [InlineData("OPENAI_FALLBACK_MODEL", "gpt-4o", "A fallback model is set")]
    [InlineData("Models:Endpoints:west:ApiKey", "hunter2", "Models__Endpoints__west__Endpoint is missing.")]
    [InlineData("Models:Endpoints:west:Endpoint", "ftp://a.example", "Models__Endpoints__west__Endpoint is 'ftp://a.example'; it must be")]
    [InlineData("Models:Endpoints:west:Key", "hunter2", "Models__Endpoints__west__Key: there is no such setting. Allowed: Endpoint, ApiKey, Provider, Azure, Schemas.")]
    [InlineData("ANTHROPIC_BASE_URL", "https://a.example", "ANTHROPIC_BASE_URL is set, but ANTHROPIC_API_KEY is not.")]
    [InlineData("OLLAMA_BASE_URL", "http://127.0.0.1:11434", "OLLAMA_BASE_URL is set, but OLLAMA_MODEL is not.")]
    [InlineData("OLLAMA_MODEL", "qwen3", "OLLAMA_MODEL is set, but OLLAMA_BASE_URL is not.")]
    [InlineData("OPENAI_API_KEY", "hunter2\nhunter2", "OPENAI_API_KEY cannot be sent: its character 8 is none")]
    [InlineData("AZURE_OPENAI_API_KEY", "hunter2“", "AZURE_OPENAI_API_KEY cannot be sent: its character 8 is none")]
    [InlineData("Models:Endpoints:west:ApiKey", "hunter2 hunter2", "Models__Endpoints__west__ApiKey cannot be sent: its character 8 is none")]
    [InlineData("Models:Endpoints:west:Provider", "gemini", "Models__Endpoints__west__Provider is 'gemini'. Allowed: azure, openai, anthropic, ollama.")]
    [InlineData("Models:Endpoints:west:Provider", "3", "Models__Endpoints__west__Provider is '3'.")]
    [InlineData("Models:Endpoints:west:Schemas", "loose", "Models__Endpoints__west__Schemas is 'loose'. Allowed: strict, json, prompt.")]
    [InlineData("Models:Endpoints:openai:Schemas", "loose", "Models__Endpoints__openai__Schemas is 'loose'.")]
    [InlineData("Models:Endpoints:west:Azure", "yes", "Models__Endpoints__west__Azure must be true or false.")]
    [InlineData("Models:Endpoints:a_b:Endpoint", "https://a.example", "Models__Endpoints__a_b is no name for an endpoint.")]
    [InlineData("Models:Endpoints:openai:Endpoint", "https://a.example", "Models__Endpoints__openai__Endpoint: the endpoint 'openai' has its address and key in the provider's own variables; only Schemas is set here.")]
    [InlineData("Models:Endpoint:west", "https://a.example", "Models__Endpoint: there is no such setting. Allowed: Models__Endpoints.")]
    public void WhatIsWrong_IsNamed_AndNoKeyIsRepeated(string name, string value, string problem)
    {
        var (_, problems) = ModelSettings.Read(Configuration([(name, value)]));

        Assert.Contains(problems, found => found.Contains(problem, StringComparison.Ordinal));
        Assert.Equal(problems.Distinct(), problems);
        Assert.DoesNotContain(problems, found => found.Contains("hunter2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("OPENAI_BASE_URL", "https://a.example/v1/chat/completions", "https://a.example/v1/")]
    [InlineData("OPENAI_BASE_URL", "https://a.example/v1/", "https://a.example/v1/")]
    [InlineData("OPENAI_BASE_URL", "https://a.example/openai/v1/chat/completions/", "https://a.example/openai/v1/")]
    [InlineData("AZURE_OPENAI_ENDPOINT", "https://a.example/openai/v1/", "https://a.example/")]
    [InlineData("AZURE_OPENAI_ENDPOINT", "https://a.example", "https://a.example/")]
    [InlineData("ANTHROPIC_BASE_URL", "https://a.example/v1/messages", "https://a.example/")]
    [InlineData("ANTHROPIC_BASE_URL", "https://a.example/proxy", "https://a.example/proxy/")]
    [InlineData("OLLAMA_BASE_URL", "http://127.0.0.1:11434/api/chat", "http://127.0.0.1:11434/")]
    [InlineData("OLLAMA_BASE_URL", "http://127.0.0.1:11434/v1", "http://127.0.0.1:11434/")]
    public void AnAddress_MayEndInThePathOfTheCall(string name, string value, string address)
    {
        var (settings, _) = ModelSettings.Read(Configuration([(name, value)]));

        Assert.Equal(new Uri(address), Assert.Single(settings.Endpoints).Value.Address);
    }

    [Fact]
    public void AnEndpoint_SpeaksItsProvidersProtocol_AndHoldsToSchemasAsFarAsItCan()
    {
        var settings = Read(
        [
            ("OPENAI_BASE_URL", "https://a.example"), ("OPENAI_MODEL", "m"), ("Models:Endpoints:openai:Schemas", "prompt"),
            ("Models:Endpoints:west:Endpoint", "https://w.example"), ("Models:Endpoints:west:Provider", "Anthropic"), ("Models:Endpoints:west:ApiKey", "k"),
            ("Models:Endpoints:home:Endpoint", "http://localhost:11434"), ("Models:Endpoints:home:Provider", "ollama"), ("Models:Endpoints:home:Schemas", "JSON"),
            ("Models:Endpoints:north:Endpoint", "https://n.example"), ("Models:Endpoints:north:Azure", "true"),
        ]);

        Assert.Equal(
            [("home", ModelProvider.Ollama, SchemaMode.Json), ("north", ModelProvider.Azure, SchemaMode.Strict), ("openai", ModelProvider.OpenAI, SchemaMode.Prompt), ("west", ModelProvider.Anthropic, SchemaMode.Strict)],
            settings.Endpoints.OrderBy(endpoint => endpoint.Key, StringComparer.Ordinal).Select(endpoint => (endpoint.Key, endpoint.Value.Provider, endpoint.Value.Schemas)));
    }

    [Fact]
    public void NoKey_IsWrittenOut()
    {
        var settings = Read([.. BothProviders, .. West]);

        var text = $"{settings} {string.Join(' ', settings.Endpoints.Values)}";

        Assert.DoesNotContain("-key", text, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task ACatalog_AsksEachEndpointWithItsOwnKey_UnderTheModelsOwnName()
    {
        await using var here = await FakeChatEndpoint.StartAsync(_ => FakeChatReply.Text("here"));
        await using var there = await FakeChatEndpoint.StartAsync(_ => FakeChatReply.Text("there"));
        var catalog = new ModelCatalog(new ScriptedChatModel(_ => throw new InvalidOperationException()), Read(
        [
            ("OPENAI_BASE_URL", here.BaseAddress.ToString()), ("OPENAI_API_KEY", "key-here"), ("OPENAI_MODEL", "gpt-4.1"), ("OPENAI_FALLBACK_MODEL", "west/gpt-4.1"),
            ("Models:Endpoints:west:Endpoint", there.BaseAddress.ToString()), ("Models:Endpoints:west:ApiKey", "key-west"),
        ]));

        Assert.Equal(("gpt-4.1", "west/gpt-4.1", "west/gpt-4.1"), (catalog.Resolve("default"), catalog.DefaultFallback, catalog.Describe("west/gpt-4.1")));
        Assert.Equal("here", await AskAsync(catalog, "gpt-4.1"));
        Assert.Equal("there", await AskAsync(catalog, "west/gpt-4.1"));
        Assert.Null(catalog.Find("east/gpt-4.1"));
        Assert.Equal([("gpt-4.1", "Bearer key-here")], here.Calls.Select(call => (call.Model, call.Headers["Authorization"])));
        Assert.Equal([("gpt-4.1", "Bearer key-west")], there.Calls.Select(call => (call.Model, call.Headers["Authorization"])));
    }

    private static async Task<string> AskAsync(ModelCatalog catalog, string deployment)
    {
        var request = new ChatRequest
        {
            SessionId = "s",
            Turn = 1,
            SnapshotHash = "h",
            Purpose = ModelPurpose.Answer,
            Deployment = deployment,
            Messages = [new ChatMessage(ChatRole.User, "x")],
            MaxOutputTokens = 10,
        };
        return Assert.IsType<ChatResult.Completed>(await catalog.Find(deployment)!.CompleteAsync(request, CancellationToken.None)).Text;
    }

    private static ModelSettings Read((string, string?)[] values)
    {
        var (settings, problems) = ModelSettings.Read(Configuration(values));
        Assert.Empty(problems);
        return settings;
    }

    private static IConfiguration Configuration((string Name, string? Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))).Build();
}
