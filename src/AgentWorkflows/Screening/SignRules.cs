namespace AgentWorkflows.Screening;

/// <param name="Within">Words from the first sign to the last; all are in one sentence.</param>
/// <param name="Parts">In this order; each is any of its signs.</param>
internal sealed record SignRule(string Kind, double Weight, int Within, params Sign[] Parts);

/// <summary>
/// Which signs together are how strong a sign of an attack. From <see cref="InjectionFinding.Threshold"/> on a rule is enough alone; a weaker one needs another kind near by.
/// </summary>
internal static class SignRules
{
    public static readonly IReadOnlyList<SignRule> All =
    [
        new("instruction_override", 0.7, 10, Sign.Dismiss, Sign.Prior, Sign.Rules),
        new("instruction_override", 0.6, 8, Sign.Dismiss, Sign.Rules, Sign.Prior),
        new("instruction_override", 0.5, 10, Sign.Dismiss, Sign.Rules, Sign.You | Sign.Familiar),
        new("instruction_override", 0.7, 12, Sign.Dismiss, Sign.Told),
        new("instruction_override", 0.6, 6, Sign.Dismiss, Sign.Request),
        new("instruction_override", 0.6, 18, Sign.Told, Sign.Void),
        new("instruction_override", 0.35, 14, Sign.Rules, Sign.Void),
        new("new_task", 0.5, 1, Sign.NewTask),
        new("new_task", 0.5, 6, Sign.FromNow, Sign.YouMust | Sign.Familiar | Sign.Persona),
        new("persona", 0.6, 14, Sign.Persona, Sign.Unlimited),
        new("persona", 0.5, 1, Sign.Jailbreak),
        new("persona", 0.25, 1, Sign.Persona),
        new("unlimited", 0.35, 1, Sign.Lawless),
        new("prompt_leak", 0.7, 9, Sign.Ask, Sign.Prompt),
        new("prompt_leak", 0.6, 14, Sign.Prompt, Sign.Session | Sign.Verbatim),
        new("prompt_leak", 0.35, 10, Sign.Ask, Sign.Loot, Sign.You),
        new("false_authority", 0.35, 6, Sign.NoNeed, Sign.Approval),
        new("false_authority", 0.35, 5, Sign.Approval, Sign.NoNeed),
        new("false_authority", 0.5, 10, Sign.NoNeed, Sign.Approval, Sign.Tool),
        new("false_authority", 0.5, 30, Sign.Approved, Sign.NoNeed, Sign.Approval, Sign.Act | Sign.Call),
        new("false_authority", 0.5, 14, Sign.Model, Sign.Granted, Sign.Act | Sign.Tool | Sign.Approval | Sign.Unlimited | Sign.Call),
        new("false_authority", 0.6, 14, Sign.You | Sign.Authority, Sign.Granted, Sign.Tool),
        new("authority", 0.3, 1, Sign.Authority),
        new("secrecy", 0.3, 1, Sign.Quiet),
        new("secrecy", 0.5, 12, Sign.Quiet, Sign.Answer),
        new("secrecy", 0.5, 16, Sign.Act, Sign.Quiet),
        new("coerced_call", 0.3, 3, Sign.Call, Sign.Tool),
        new("coerced_call", 0.6, 9, Sign.Call, Sign.Tool, Sign.Urgent | Sign.Every),
        new("coerced_call", 0.6, 9, Sign.Urgent, Sign.Call, Sign.Tool),
        new("coerced_call", 0.6, 9, Sign.YouMust, Sign.Tool),
        new("coerced_call", 0.6, 9, Sign.Model, Sign.Modal, Sign.Tool),
        new("coerced_call", 0.4, 24, Sign.Sequence, Sign.Tool),
        new("exfiltration", 0.6, 26, Sign.Send, Sign.Loot, Sign.Address),
        new("exfiltration", 0.6, 26, Sign.Loot, Sign.Send, Sign.Address),
        new("exfiltration", 0.3, 10, Sign.Send, Sign.Loot),
        new("encoded_payload", 0.6, 14, Sign.Decode, Sign.Obey),
        new("addresses_the_model", 0.25, 8, Sign.Model, Sign.Modal, Sign.Act | Sign.Call | Sign.Ask | Sign.Send),
        new("demand", 0.3, 6, Sign.Act, Sign.Every),
        new("demand", 0.3, 1, Sign.YouMust),
        new("order", 0.25, 1, Sign.Act),
    ];

    /// <summary>For each sign, by its bit, which rules it can move on.</summary>
    public static readonly IReadOnlyList<int[]> BySign =
        [.. Enumerable.Range(0, 64).Select(bit => All.Select((rule, at) => (rule, at)).Where(entry => Has(entry.rule, bit)).Select(entry => entry.at).ToArray())];

    private static bool Has(SignRule rule, int bit) => rule.Parts.Any(part => ((long)part >> bit & 1) != 0);
}
