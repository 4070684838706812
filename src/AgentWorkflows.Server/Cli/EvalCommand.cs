using System.CommandLine;
using System.Globalization;
using AgentWorkflows.Agents;
using AgentWorkflows.Evals;
using AgentWorkflows.Hosting;
using AgentWorkflows.Models;
using AgentWorkflows.Server.Evals;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Server.Terminal;

namespace AgentWorkflows.Server.Cli;

/// <summary><c>eval</c>: how well an agent does its work.</summary>
internal sealed class EvalCommand(Screen screen, TimeProvider time, CommonOptions common, EmbeddedProgram program)
{
    private const long DefaultBudgetMicros = 1_000_000;

    private readonly Argument<string?> _agent = new("agent") { Description = "Which agent. Default: the only one there is.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string[]> _case = new("--case") { Description = "Only this case; may be given several times.", HelpName = "NAME" };
    private readonly Option<int> _trials = Options.WholeNumber("--trials", "How often each case is tried that does not say so itself.", 1, 1000, 1);
    private readonly Option<int> _parallel = Options.WholeNumber("--parallel", "How many trials run at a time.", 1, 64, Math.Clamp(Environment.ProcessorCount, 1, 4));
    private readonly Option<long> _budget = Usd("--budget", "Most that all trials together may cost, in US dollars.");
    private readonly Option<double> _minimum = Share("--min-reliability", "The share of scored trials that has to pass, such as 95%; otherwise the exit code is 1.");
    private readonly Option<string?> _baseline = new("--baseline") { Description = "What an earlier 'eval --json' wrote: a drop that noise does not explain gives exit code 1.", HelpName = "FILE" };
    private readonly Option<string?> _model = new("--model") { Description = "A deployment in place of the agent's own.", HelpName = "NAME" };
    private readonly Option<string?> _compare = new("--compare") { Description = "Try the same cases with another folder of agents, or with model=NAME, and show both side by side. The exit code is the other one's, held against the first.", HelpName = "OTHER" };
    private readonly Option<bool> _recordedModel = new("--recorded-model") { Description = "Cases with a record are answered from it by the model too, for 0 USD." };
    private readonly Option<bool> _allowEffects = new("--allow-effects") { Description = "Let tools act outside that no fixture answers and that are not known to be sandboxed." };
    private readonly Option<string?> _junit = new("--junit") { Description = "Write JUnit's XML too.", HelpName = "FILE" };
    private readonly Option<string?> _html = new("--html") { Description = "Write one page for a browser too.", HelpName = "FILE" };

    public Command Create() => new("eval", "Try an agent's cases, several times each, and say how reliable it is.")
    {
        _agent, _case, _trials, _parallel, _budget, _minimum, _baseline, _model, _compare, _recordedModel, _allowEffects, _junit, _html, common.Agents, common.Json,
    };

    public async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        EvalBaseline? baseline;
        try
        {
            baseline = result.GetValue(_baseline) is { } file ? EvalJson.ReadBaseline(file) : null;
        }
        catch (FormatException error)
        {
            screen.Error(error.Message);
            return ExitCodes.Usage;
        }
        if (Setup(result) is not { } setup || Cases(result, setup) is not { } cases || !EffectsStayInside(setup, cases))
        {
            return ExitCodes.Usage;
        }
        if (result.GetValue(_compare) is { } compare)
        {
            return await CompareAsync(result, setup, compare, cases, cancellationToken);
        }
        var json = result.GetValue(common.Json);
        var (budget, trials) = (new EvalBudget(result.GetValue(_budget)), cases.Sum(one => one.Trials ?? setup.Trials));
        if (!json)
        {
            EvalView.WriteHead(screen, setup, cases.Count, trials, budget.LimitMicros);
        }
        using var progress = new EvalProgress(screen, json ? 0 : trials);
        var report = await new EvalRun(setup, budget, time, progress.Ended).RunAsync(cases, cancellationToken);
        progress.Dispose();
        var verdict = EvalRule.Of(report, result.GetValue(_minimum), baseline);
        Write(result, report, verdict);
        return verdict switch
        {
            EvalVerdict.Good => ExitCodes.Completed,
            EvalVerdict.Bad => ExitCodes.Failed,
            _ => ExitCodes.NotScored,
        };
    }

    /// <summary>The second one is held against the first as against a baseline. Both share the budget.</summary>
    private async Task<int> CompareAsync(ParseResult result, EvalSetup first, string compare, IReadOnlyList<EvalCase> cases, CancellationToken cancellationToken)
    {
        if (Other(first, compare) is not { } second || !EffectsStayInside(second, cases))
        {
            return ExitCodes.Usage;
        }
        var json = result.GetValue(common.Json);
        var budget = new EvalBudget(result.GetValue(_budget));
        using var progress = new EvalProgress(screen, json ? 0 : 2 * cases.Sum(one => one.Trials ?? first.Trials));
        var before = await new EvalRun(first, budget, time, progress.Ended).RunAsync(cases, cancellationToken);
        var after = await new EvalRun(second, budget, time, progress.Ended).RunAsync(cases, cancellationToken);
        progress.Dispose();
        var verdict = EvalRule.Of(after, result.GetValue(_minimum), new EvalBaseline(
            before.Passed, before.Scored, before.Cases.ToDictionary(one => one.Name, one => (one.Passed, one.Scored), StringComparer.Ordinal)));
        if (json)
        {
            foreach (var (one, two) in before.Cases.Zip(after.Cases))
            {
                screen.Json(new { type = "comparison", name = one.Name, first = EvalJson.Of(one), second = EvalJson.Of(two) });
            }
            screen.Json(EvalJson.Of(before, new EvalVerdict.Good()));
            screen.Json(EvalJson.Of(after, verdict));
        }
        else
        {
            EvalComparisonView.Write(screen, before, after);
            EvalView.WriteVerdict(screen, verdict);
        }
        return verdict is EvalVerdict.Good && before.NotScored == 0 ? ExitCodes.Completed : verdict is EvalVerdict.Bad ? ExitCodes.Failed : ExitCodes.NotScored;
    }

    /// <returns><c>null</c>: what is wrong has been said.</returns>
    private EvalSetup? Other(EvalSetup first, string compare)
    {
        var services = program.App.Services;
        var models = services.GetRequiredService<IChatModelCatalog>();
        if (compare.StartsWith("model=", StringComparison.Ordinal))
        {
            return first with { Model = compare["model=".Length..], ModelText = models.Describe(compare["model=".Length..]) };
        }
        switch (AgentFolder.Load(compare, services.GetRequiredService<Tools.IToolCatalog>(), time, models.ProblemOf))
        {
            case AgentLoadResult.Loaded loaded when loaded.Agents.FirstOrDefault(agent => agent.Name == first.Agent.Name) is { } agent:
                return first with { Agent = agent, AgentsDirectory = compare };
            case AgentLoadResult.Loaded:
                screen.Error($"--compare: there is no agent '{first.Agent.Name}' in '{compare}'.");
                return null;
            case AgentLoadResult.Invalid invalid:
                foreach (var problem in invalid.Problems)
                {
                    screen.Error(problem.ToString());
                }
                return null;
            case var other:
                throw new InvalidOperationException($"Unknown load result {other.GetType().Name}.");
        }
    }

    private void Write(ParseResult result, EvalReport report, EvalVerdict verdict)
    {
        if (result.GetValue(_junit) is { } junit)
        {
            EvalJUnit.Of(report).Save(junit);
        }
        if (result.GetValue(_html) is { } html)
        {
            File.WriteAllText(html, EvalHtml.Of(report, verdict));
        }
        if (result.GetValue(common.Json))
        {
            foreach (var one in report.Cases)
            {
                screen.Json(EvalJson.Of(one));
            }
            screen.Json(EvalJson.Of(report, verdict));
            return;
        }
        EvalView.Write(screen, report);
        EvalView.WriteVerdict(screen, verdict);
        foreach (var file in new[] { result.GetValue(_junit), result.GetValue(_html) }.OfType<string>())
        {
            screen.Field("Written", file, Styles.Dim, 13);
        }
    }

    /// <returns><c>null</c>: that it cannot be has been said.</returns>
    private EvalSetup? Setup(ParseResult result)
    {
        var services = program.For(common.Read(result) with { LogLevel = LogLevel.Warning });
        program.Check();
        var agents = services.GetRequiredService<IAgentCatalog>();
        var names = string.Join(", ", agents.Agents.Select(agent => agent.Name).Order(StringComparer.Ordinal));
        var agent = result.GetValue(_agent) is { } named ? agents.Find(named) : agents.Agents.Count == 1 ? agents.Agents.First() : null;
        if (agent is null)
        {
            screen.Error(result.GetValue(_agent) is { } unknown ? $"There is no agent '{unknown}'. There are: {names}." : $"Say which agent: {names}.");
            return null;
        }
        var models = services.GetRequiredService<IChatModelCatalog>();
        var model = result.GetValue(_model);
        return new EvalSetup(program, agent)
        {
            AgentsDirectory = result.GetValue(common.Agents),
            Model = model,
            Sandboxed = services.GetServices<SandboxedTools>().SelectMany(tools => tools.Names).ToHashSet(StringComparer.Ordinal),
            AllowEffects = result.GetValue(_allowEffects),
            RecordedModel = result.GetValue(_recordedModel),
            Trials = result.GetValue(_trials),
            Parallel = result.GetValue(_parallel),
            ModelText = models.Describe(model ?? agent.Models[ModelPurpose.Plan].Deployment) + (result.GetValue(_recordedModel) ? "; recorded cases: their record" : ""),
        };
    }

    /// <returns><c>null</c>: that there are none, or what is wrong with them, has been said.</returns>
    private List<EvalCase>? Cases(ParseResult result, EvalSetup setup)
    {
        var cases = new List<EvalCase>();
        foreach (var folder in program.App.Services.GetRequiredService<AgentFolders>().Paths)
        {
            var read = EvalFolder.Read(folder, setup.Agent);
            if (read.Problems.Count > 0)
            {
                foreach (var problem in read.Problems)
                {
                    screen.Error(problem.ToString());
                }
                return null;
            }
            cases.AddRange(read.Cases);
        }
        if (cases.Count == 0)
        {
            screen.Error($"{setup.Agent.Name} has no cases. Write some into {setup.Agent.Name}/{EvalFolder.Name}/*.yaml beside its agent.yaml, or make one of a session: {screen.Program} eval record ID");
            return null;
        }
        var wanted = result.GetValue(_case) ?? [];
        if (wanted.FirstOrDefault(name => cases.All(one => one.Name != name)) is { } unknown)
        {
            screen.Error($"There is no case '{unknown}'. There are: {string.Join(", ", cases.Select(one => one.Name))}.");
            return null;
        }
        return wanted.Length == 0 ? cases : [.. cases.Where(one => wanted.Contains(one.Name))];
    }

    private bool EffectsStayInside(EvalSetup setup, IReadOnlyList<EvalCase> cases)
    {
        var open = cases.Select(one => (one.Name, Tools: Sandbox.OpenTools(setup.Agent, one, setup.Sandboxed))).Where(one => one.Tools.Count > 0).ToList();
        if (open.Count == 0 || setup.AllowEffects)
        {
            return true;
        }
        screen.Error("These tools write, and nothing says that their effects stay inside, so nothing was run:");
        foreach (var group in open.GroupBy(one => string.Join(", ", one.Tools), StringComparer.Ordinal))
        {
            screen.Error($"  {group.Key}, in {string.Join(", ", group.Select(one => one.Name))}");
        }
        screen.Error("Give the cases fixtures for them, say in the program that they only touch the data folder (AddSandboxedTools), or let them act with --allow-effects.");
        return false;
    }

    private static Option<long> Usd(string name, string description) => new(name)
    {
        Description = $"{description} Default: 1.00.",
        HelpName = "USD",
        CustomParser = result =>
        {
            if (decimal.TryParse(result.Tokens[0].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var usd) && usd is >= 0.000001m and <= 1_000_000m)
            {
                return (long)(usd * 1_000_000m);
            }
            result.AddError($"{name}: '{result.Tokens[0].Value}' is not an amount. Allowed: US dollars from 0.000001 to 1,000,000, such as 2.50.");
            return default;
        },
        DefaultValueFactory = _ => DefaultBudgetMicros,
    };

    private static Option<double> Share(string name, string description) => new(name)
    {
        Description = $"{description} Default: 100%.",
        HelpName = "SHARE",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            var percent = text.EndsWith('%');
            if (double.TryParse(text.TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value >= 0 && value <= (percent ? 100 : 1))
            {
                return percent ? value / 100 : value;
            }
            result.AddError($"{name}: '{text}' is not a share. Allowed: 0% to 100%, or 0 to 1.");
            return default;
        },
        DefaultValueFactory = _ => 1,
    };
}
