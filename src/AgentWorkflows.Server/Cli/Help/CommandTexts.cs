
namespace AgentWorkflows.Server.Cli.Help;

/// <param name="Examples">Complete command lines with what they do.</param>
/// <param name="Notes">What the options do not say; <c>null</c> when they say it all.</param>
internal sealed record CommandText(string Group, IReadOnlyList<(string Line, string Does)> Examples, string? Notes = null);

/// <summary>What help tells of each command beyond its options: where it stands, how it is used. In the order in which help lists them.</summary>
internal static class CommandTexts
{
    public const string Other = "Other";

    private const string Refund = "\"Refund order 1042\"";
    private const string Id = "s-r6mxtgq2e6wp8uy8";

    public const string ExitCodes =
        "0 done; 1 not done, or the session did not complete; 2 wrong usage; 3 the session waits for a person; 4 an eval could not be scored; 130 stopped with Ctrl+C.";

    public static IReadOnlyList<string> Groups { get; } = ["Run", "Look", "Decide and steer", "Check", "Editors and shells", Other];

    private static readonly Dictionary<string, CommandText> Texts = new(StringComparer.Ordinal)
    {
        ["serve"] = new("Run",
        [
            ("agentworkflows serve", "the API on http://localhost:7071"),
            ("agentworkflows serve --urls http://localhost:8080 --log json", "another port, the log as JSON lines"),
        ], "Ctrl+C lets requests and steps that run end, 30 s at most. Sessions go on at the next start, also after kill -9."),
        ["run"] = new("Run",
        [
            ($"agentworkflows run {Refund}", "asks before it pays"),
            ($"agentworkflows run {Refund} --approve auto --max-cost 0.10", "never asks, spends at most 10 cents"),
            ($"agentworkflows run --resume {Id}", "goes on with a session that was left"),
        ]),
        ["sessions"] = new("Look",
        [
            ("agentworkflows sessions", "the newest 20"),
            ("agentworkflows sessions --status AwaitingApproval --json", "what waits for people, for a script"),
            ("agentworkflows sessions --url http://localhost:7071", "those of a running server"),
        ]),
        ["show"] = new("Look",
        [
            ($"agentworkflows show {Id}", "each turn: planned, gated, run, observed"),
            ($"agentworkflows show {Id} --details", "with arguments and other facts"),
        ]),
        ["ledger"] = new("Look", [($"agentworkflows ledger {Id}", "every model and tool call with its price")]),
        ["report"] = new("Look", [("agentworkflows report", "cost per task type, success, return")]),
        ["approvals"] = new("Look",
        [
            ("agentworkflows approvals", "what waits for a person"),
            ("agentworkflows approvals --all --session " + Id, "everything one session asked"),
        ]),
        ["approve"] = new("Decide and steer",
        [
            ($"agentworkflows approve {Id}.2.refund --yes", "lets it run"),
            ($"agentworkflows approve {Id}.2.refund --no --reason \"wrong order\"", "and the agent is told why"),
        ]),
        ["suspend"] = new("Decide and steer",
        [
            ($"agentworkflows suspend {Id} --reason audit", "nothing new begins"),
        ], "Results, timers and decisions that arrive meanwhile are kept."),
        ["resume"] = new("Decide and steer",
        [
            ($"agentworkflows resume {Id}", "and follows it"),
            ($"agentworkflows resume {Id} --url http://localhost:7071", "on a running server"),
        ]),
        ["terminate"] = new("Decide and steer",
        [
            ($"agentworkflows terminate {Id}", "what it did stays"),
            ($"agentworkflows terminate {Id} --rollback", "and is taken back"),
        ]),
        ["rollback"] = new("Decide and steer", [($"agentworkflows rollback {Id}", "compensations, last first")]),
        ["fork"] = new("Decide and steer",
        [
            ($"agentworkflows fork {Id} --turn 2", "takes turns 1 and 2 over, plans turn 3 anew"),
            ($"agentworkflows fork {Id} --turn 0", "starts at the goal again, on the same agent snapshot"),
        ], "The fork costs only what it does itself. What the source did stays the source's to take back."),
        ["validate"] = new("Check",
        [
            ("agentworkflows validate", "the agents folder here"),
            ("agentworkflows validate path/to/agents --json", "another one, for a script"),
        ]),
        ["tools"] = new("Check",
        [
            ("agentworkflows tools", "where each comes from, and whether it answers"),
            ("agentworkflows tools pin order-desk", "what tools of sources are now, for a review"),
        ]),
        ["check"] = new("Check",
        [
            ("agentworkflows check", "ready for production? exit code 1 when not"),
        ]),
        ["check-store"] = new("Check", [("agentworkflows check-store", "reads every history")]),
        ["replay"] = new("Check",
        [
            ($"agentworkflows replay {Id}", "does today's code decide what was decided then?"),
            ("agentworkflows replay --all", "every session, before a deployment"),
        ]),
        ["eval"] = new("Check",
        [
            ("agentworkflows eval order-desk --trials 5", "each case five times"),
            ("agentworkflows eval --min-reliability 95% --baseline last.jsonl", "for a pipeline: exit code 1 when it is not, or worse than last time"),
            ("agentworkflows eval --html report.html --junit results.xml", "for people and for the build server"),
        ], "Each trial runs in a temporary data folder. Tools that write run only where they are known to touch nothing else."),
        ["schema"] = new("Editors and shells",
        [
            ("agentworkflows schema agent", "the JSON schema of agent.yaml"),
            ("agentworkflows schema --out agents/schemas", "all of them, as files"),
        ]),
        ["completion"] = new("Editors and shells",
        [
            ("source <(agentworkflows completion bash)", "in ~/.bashrc"),
            ("agentworkflows completion fish | source", "in ~/.config/fish/config.fish"),
        ]),
    };

    public static CommandText Of(string command) => Texts.GetValueOrDefault(command) ?? new CommandText(Other, []);

    /// <summary>Where help lists it within its group.</summary>
    public static int OrderOf(string command) => Texts.Keys.ToList().IndexOf(command);
}
