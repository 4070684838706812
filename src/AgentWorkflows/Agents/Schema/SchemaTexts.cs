namespace AgentWorkflows.Agents.Schema;

/// <summary>What editors tell of each key. A key without a text still completes and is checked.</summary>
internal static class SchemaTexts
{
    private static readonly Dictionary<string, string> AgentKeys = new(StringComparer.Ordinal)
    {
        ["name"] = "The name of its folder: 1 to 64 of a-z, 0-9 and -.",
        ["version"] = "Yours; quote it. Sessions stay on the version they started with.",
        ["description"] = "For people who choose an agent.",
        ["instructions"] = "The system prompt. Data from goals and tools never changes it.",
        ["models"] = "Which deployment answers for which purpose. Without an entry a purpose uses that of 'plan'.",
        ["models.plan"] = "Plans tool calls, and answers unless 'answer' is routed otherwise.",
        ["models.answer"] = "Writes the answer from the planner's draft. Default: the planner's words are the answer.",
        ["models.classify"] = "Judges a goal simple or complex, where 'plan' names a deployment for simple ones.",
        ["models.summarize"] = "Puts older turns in few words.",
        ["models.confidential"] = "Deployments that may be sent confidential data. Default: none but the offline playbook.",
        ["models.plan.deployment"] = "A model of prices.yaml, or 'default': what the host is configured with.",
        ["models.plan.fallback"] = "Answers when the deployment does not.",
        ["models.plan.simple"] = "Plans sessions whose goal the 'classify' route judges simple. Default: no goal is judged.",
        ["models.plan.temperature"] = "'none' for models that refuse one; default 0.",
        ["models.plan.window_tokens"] = "What a request and its answer may have together; default 100000.",
        ["models.plan.timeout"] = "Of one call, from request to whole answer; default 100s. Slow reasoning models need more.",
        ["models.plan.cache"] = "Whether identical requests at temperature 0 are answered from memory.",
        ["models.plan.max_output_tokens"] = "Reserved for each call; default 1000.",
        ["tools"] = "What it can do, by the name the model uses: 1 to 64 of a-z, 0-9 and _.",
        ["tools.*.implementation"] = "A tool of the host. Default: the tool's own name.",
        ["tools.*.description"] = "Written for the model: when to use it, and what it gives.",
        ["tools.*.owner"] = "Who answers for it.",
        ["tools.*.tier"] = "How much harm it can do. Without a tier it is destructive.",
        ["tools.*.timeout"] = "How long a call may take; default 10s.",
        ["tools.*.retry"] = "After failures that are safe to retry.",
        ["tools.*.retry.attempts"] = "All of them, the first included; default 3.",
        ["tools.*.retry.first_delay"] = "Doubles each time; default 1s.",
        ["tools.*.idempotent"] = "True when a second call with the same idempotency key makes no second effect.",
        ["tools.*.side_effects"] = "What changes in the world, such as payment.refund.",
        ["tools.*.auth_scope"] = "What it needs to be allowed to do where it acts.",
        ["tools.*.max_calls_per_session"] = "Default: the session's own limit.",
        ["tools.*.max_calls_per_minute"] = "Across all sessions of the host. Default: none.",
        ["tools.*.resource"] = "The argument that names what the call works on, such as order_id.",
        ["tools.*.compensation"] = "How an action is taken back: a call of another tool of this agent.",
        ["tools.*.compensation.tool"] = "A tool of this agent that writes, usually with 'offered: false'.",
        ["tools.*.compensation.arguments"] = "Values, or $arguments.NAME, $result.NAME, $idempotencyKey, $outcome.",
        ["tools.*.compensation.instructions"] = "What a person is told to do when the compensation fails.",
        ["tools.*.settle"] = "How it is found out whether a call of which no answer came took effect: a call of another tool of this agent that only reads.",
        ["tools.*.settle.tool"] = "A tool of this agent of tier read, usually with 'offered: false'.",
        ["tools.*.settle.arguments"] = "Values, or $arguments.NAME, $idempotencyKey.",
        ["tools.*.settle.path"] = "Where the result says whether the call took effect: a dotted path. Default: happened.",
        ["tools.*.settle.done"] = "What stands there when it did. Default: true.",
        ["tools.*.settle.not_done"] = "What stands there when it did not. Default: false. Anything else says neither, and a person is asked.",
        ["tools.*.settle.wait"] = "How long the call may still be under way: that it did not counts only after this. Default: the tool's timeout.",
        ["tools.*.irreversible"] = "True for an effect nothing can take back; the tool is destructive then.",
        ["tools.*.log_fields"] = "Fields of arguments and results that timelines may show, such as order_id or customer.id; all others are left out. Default: all.",
        ["tools.*.cost_usd_per_call"] = "Reserved against every cap before the call.",
        ["tools.*.offered"] = "False for tools that only compensate: the model never sees them.",
        ["tools.*.polling"] = "True for tools meant to be called again with the same arguments.",
        ["tools.*.unordered"] = "Lists in the result that come in no particular order: dotted paths, or $. They are sorted before anybody sees them.",
        ["tools.*.labels"] = "What is to be known of its results: untrusted (from outside the company), confidential, or trusted where a person vouches for a source that is untrusted by itself.",
        ["tools.*.may_see"] = "Labelled data its arguments may come from. Without confidential, it is refused once the session has seen some.",
        ["tools.*.parameters"] = "JSON schema of the arguments; never wider than what the implementation takes. Default: the implementation's.",
        ["mcp"] = "MCP servers that tools come from. Those of 'rooms' are called rooms_NAME under 'tools'.",
        ["mcp.*.command"] = "Starts the server, which is talked to by its standard input and output. This or 'url'.",
        ["mcp.*.args"] = "Of the command.",
        ["mcp.*.env"] = "What the server finds in its environment beside PATH and HOME. \"${NAME}\" is a variable of the host's.",
        ["mcp.*.url"] = "Where the server answers (streamable HTTP). This or 'command'.",
        ["mcp.*.headers"] = "Sent with every request. Secrets are named, such as \"Bearer ${ROOMS_TOKEN}\", not written.",
        ["mcp.*.timeout"] = "Of starting it, and of a call whose contract says none; default 30s.",
        ["mcp.*.key_argument"] = "The argument in which tools that have it take the idempotency key. It is in _meta in any case.",
        ["permissions"] = "Who may call what, on what: the first rule that covers a call decides; what none covers is denied.",
        ["permissions[].roles"] = "Roles (context.role) with * for any text. Default: all.",
        ["permissions[].tools"] = "Tools, with * for any text. Default: all.",
        ["permissions[].resources"] = "Values of the tools' resource argument, with * for any text. Default: all.",
        ["permissions[].effect"] = "'allow' never spares a call the approval its tier asks for.",
        ["limits"] = "Checked before every step. A request may only lower them.",
        ["limits.max_iterations"] = "Turns; default 10.",
        ["limits.max_tool_calls"] = "Default 15.",
        ["limits.max_tokens"] = "Of all model calls; default 50000.",
        ["limits.max_age"] = "Waiting for people not counted; default 1h.",
        ["limits.max_retries"] = "Over all steps; default 3.",
        ["limits.max_cost_usd"] = "Default 0.50.",
        ["approvals"] = "When people are asked, who, and for how long.",
        ["approvals.tiers"] = "Tiers that ask a person first; default write_risky and destructive.",
        ["approvals.groups"] = "Names for lists of people, by the names they decide under.",
        ["approvals.required"] = "How many different people have to approve; default 1.",
        ["approvals.approvers"] = "Groups that may. Default: whoever has the role.",
        ["approvals.self_approval"] = "Whether who started a session may approve in it.",
        ["approvals.timeout"] = "Default 24h.",
        ["approvals.on_timeout"] = "What a timeout means; default reject.",
        ["approvals.reminders"] = "When to remind, after the request.",
        ["approvals.escalation"] = "Whom to ask too, and when, after the request.",
        ["approvals.rules"] = "Other terms for some calls; the first rule that covers a call decides.",
        ["rollback"] = "When what a session did is taken back.",
        ["rollback.on_failure"] = "Default true.",
        ["rollback.on_halt"] = "When a limit or a guard stops it. With false, or when it changed nothing, a limit ends it partially, with what it has.",
        ["rollback.on_rejection"] = "When a person rejects a call: the session ends and is rolled back.",
        ["rollback.retention"] = "For how long after its end a session can be rolled back on demand.",
        ["required_context"] = "Keys a start has to give. Default: project_id, user_id, budget_limit, task_priority.",
    };

    private static readonly Dictionary<string, string> PlaybookKeys = new(StringComparer.Ordinal)
    {
        ["otherwise"] = "The answer when no entry matches the goal.",
        ["entries"] = "The first whose goal matches is followed.",
        ["entries[].goal"] = "A regular expression; its named groups are {goal.NAME}.",
        ["entries[].turns"] = "Steps whose turn has come are planned together.",
        ["entries[].turns[].when"] = "Conditions on earlier results, such as order.payment_status: paid.",
        ["entries[].turns[].else_answer"] = "The answer when the conditions do not hold.",
        ["entries[].turns[].steps[].arguments"] = "Values with {goal.NAME}, {context.KEY} or {STEP.PATH} in quotes.",
        ["entries[].turns[].steps[].success_criteria"] = "Checks of the result, by dotted path.",
        ["entries[].turns[].steps[].on_failure"] = "What happens when the step fails for good.",
        ["entries[].answer"] = "When every step has succeeded.",
        ["entries[].reactions"] = "Answers by STATUS or STEP.STATUS, such as refund.rejected.",
    };

    private static readonly Dictionary<string, string> PriceKeys = new(StringComparer.Ordinal)
    {
        ["version"] = "Kept on every cost entry; give a changed sheet a new one.",
        ["effective"] = "The day from which it applies, such as 2026-11-01.",
        ["source"] = "Where the prices are from.",
        ["models"] = "By deployment.",
        ["models.*.input"] = "USD per million tokens.",
        ["models.*.cached_input"] = "USD per million tokens that the provider had in its cache. Default: as input.",
        ["models.*.output"] = "USD per million tokens.",
        ["models.*.per_call"] = "USD for each call; default 0.",
    };

    public static string? Agent(string path) => AgentKeys.GetValueOrDefault(OfPurpose(path));

    public static string? Playbook(string path) => PlaybookKeys.GetValueOrDefault(path);

    public static string? Prices(string path) => PriceKeys.GetValueOrDefault(path.StartsWith("sheets[].", StringComparison.Ordinal) ? path["sheets[].".Length..] : path);

    /// <summary>Every purpose has the keys of 'plan'; every rule and escalation those of 'approvals'.</summary>
    private static string OfPurpose(string path) => path.Split('.') switch
    {
        ["models", _, var key] => $"models.plan.{key}",
        ["approvals", "rules[]", var key] => $"approvals.{key}",
        _ => path,
    };
}
