using System.Text.Json;
using AgentWorkflows.Agents;
using AgentWorkflows.Agents.Schema;
using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Costs;
using AgentWorkflows.Server.Cli;
using AgentWorkflows.Server.Tests.Http;
using OrderDesk;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace AgentWorkflows.Server.Tests.Cli;

/// <summary>The schemas of agent definitions against the files they are for and the readers of those files.</summary>
public sealed class SchemaCommandTests
{
    private const int Timeout = 60_000;

    public static TheoryData<string> Names => [.. AgentSchemas.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_schema_beside_the_agents_is_what_the_program_writes(string name) => Assert.True(
        SchemaCommand.Text(name) == File.ReadAllText(Path.Combine(Shell.Agents, "schemas", AgentSchemas.FileName(name))),
        $"agents/schemas/{AgentSchemas.FileName(name)} is not current. Write it: dotnet run --project src/AgentWorkflows.Server -- schema --out agents/schemas");

    [Fact]
    public void Every_sample_names_its_schema_and_fits_it()
    {
        var files = Directory.EnumerateFiles(Shell.Agents, "*.yaml", SearchOption.AllDirectories).Where(file => IsCases(file) || AgentSchemas.Names.Contains(Path.GetFileNameWithoutExtension(file))).ToList();

        Assert.True(files.Count >= 3);
        foreach (var file in files)
        {
            const string marker = "# yaml-language-server: $schema=";
            var first = File.ReadLines(file).First();
            Assert.StartsWith(marker, first, StringComparison.Ordinal);
            var schema = JsonElement.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(file)!, first[marker.Length..])));
            Assert.Equal(IsCases(file) ? "evals/*.yaml" : Path.GetFileName(file), schema.GetProperty("title").GetString());
            Assert.Null(new SchemaCheck(schema).Problem(schema, Json(File.ReadAllText(file))));
        }
    }

    private static bool IsCases(string file) => Path.GetFileName(Path.GetDirectoryName(file)) == "evals";

    [Theory]
    [InlineData("limits: {max_iterations: 0}")]
    [InlineData("limits: {max_age: 5}")]
    [InlineData("limits: {max_iteratons: 5}")]
    [InlineData("approvals: {tiers: [risky]}")]
    [InlineData("approvals: {escalation: [{after: soon}]}")]
    [InlineData("permissions: [{effect: maybe}]")]
    [InlineData("permissions: [{}]")]
    [InlineData("tools: {get_order: {tier: none}}")]
    [InlineData("tools: {get_order: {retry: {attempts: 99}}}")]
    [InlineData("tools: {get_order: {idempotent: maybe}}")]
    [InlineData("models: {plan: {temperature: 9}}")]
    [InlineData("instructions: [1]")]
    [InlineData("nonsense: 1")]
    public void What_the_reader_refuses_the_schema_refuses(string wrong)
    {
        var schema = JsonElement.Parse(SchemaCommand.Text("agent"));
        var key = wrong[..wrong.IndexOf(':', StringComparison.Ordinal)];
        var good = JsonElement.Parse(JsonSerializer.Serialize(new { name = "x", version = "1", instructions = "i", models = new { plan = new { } }, tools = new { }, permissions = Array.Empty<int>() }));
        var bad = JsonSerializer.SerializeToNode(good)!.AsObject();
        bad[key] = JsonSerializer.SerializeToNode(Json(wrong).GetProperty(key));

        Assert.Null(new SchemaCheck(schema).Problem(schema, good));
        Assert.NotNull(new SchemaCheck(schema).Problem(schema, JsonSerializer.SerializeToElement(bad)));
        Assert.Contains(Problems(wrong), problem => problem.Key.StartsWith(key, StringComparison.Ordinal) && !problem.Message.Contains("required, with", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("limits")]
    [InlineData("approvals")]
    [InlineData("rollback")]
    [InlineData("models")]
    [InlineData("models.plan")]
    [InlineData("tools.get_order")]
    [InlineData("tools.get_order.retry")]
    [InlineData("tools.get_order.compensation")]
    public void The_schema_has_every_key_that_the_reader_says_is_allowed(string path)
    {
        var steps = path.Split('.', StringSplitOptions.RemoveEmptyEntries);
        var yaml = steps.Reverse().Aggregate("{x_unknown: 1}", (inner, step) => $"{{{step}: {inner}}}");

        var problem = Problems(yaml).Single(problem => problem.Key == string.Join('.', steps.Append("x_unknown")));

        var schema = steps.Aggregate(JsonElement.Parse(SchemaCommand.Text("agent")), (at, step) =>
            at.TryGetProperty("properties", out var properties) ? properties.GetProperty(step) : at.GetProperty("additionalProperties"));
        Assert.Equal(
            problem.Message.Split("Allowed: ")[1].TrimEnd('.').Split(", ").Order(),
            schema.GetProperty("properties").EnumerateObject().Select(property => property.Name).Order());
    }

    [Fact(Timeout = Timeout)]
    public async Task Schema_prints_one_or_writes_all()
    {
        var folder = Directory.CreateTempSubdirectory("agentworkflows-");
        var one = await Shell.RunAsync(80, "schema", "tool");
        var all = await Shell.RunAsync(80, "schema", "--out", folder.FullName);
        var neither = await Shell.RunAsync(80, "schema");
        var other = await Shell.RunAsync(80, "schema", "cat");

        Assert.Equal((ExitCodes.Completed, ExitCodes.Completed, ExitCodes.Usage, ExitCodes.Usage), (one.ExitCode, all.ExitCode, neither.ExitCode, other.ExitCode));
        Assert.Equal("Tool contract", JsonElement.Parse(one.Output).GetProperty("title").GetString());
        Assert.Equal(AgentSchemas.Names.Count, folder.GetFiles("*.schema.json").Length);
        folder.Delete(recursive: true);
    }

    private static List<AgentProblem> Problems(string yaml)
    {
        var problems = new List<AgentProblem>();
        new AgentReader(YamlFile.Of(yaml, problems), "x", new AgentWorkflows.Tools.ToolCatalog(OrderDeskTools.Create("nowhere", TimeProvider.System)), new Dictionary<string, ModelPrice>()).Read();
        return problems;
    }

    private static JsonElement Json(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return YamlJson.ToElement(stream.Documents[0].RootNode);
    }
}
