using System.Text.RegularExpressions;

namespace AgentWorkflows.Guards.Screening;

/// <summary>What attacks say. Written so that talking about instructions, approvals or prompts is not the same as giving them.</summary>
internal static partial class InjectionPatterns
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    /// <summary>Milliseconds a pattern may take. Real texts need a small part of it.</summary>
    private const int Patience = 1000;

    public static readonly IReadOnlyList<(string Kind, double Weight, Regex Pattern)> All =
    [
        ("instruction_override", 0.7, Override()),
        ("instruction_override", 0.7, OverrideElsewhere()),
        ("instruction_override", 0.6, NewInstructions()),
        ("role_marker", 0.6, RoleMarker()),
        ("persona", 0.6, Persona()),
        ("prompt_leak", 0.7, PromptLeak()),
        ("false_authority", 0.6, FalseApproval()),
        ("secrecy", 0.6, Secrecy()),
        ("coerced_call", 0.5, CoercedCall()),
        ("exfiltration", 0.7, ImageWithData()),
        ("exfiltration", 0.6, SendAway()),
        ("hidden_markup", 0.6, HiddenMarkup()),
        ("addresses_the_model", 0.4, AddressesModel()),
        ("demand", 0.3, Demand()),
    ];

    [GeneratedRegex(@"\b(?:ignore|disregard|forget|override|bypass|drop|discard|do not follow|don't follow|stop following|pay no attention to)\b[^.\n]{0,30}\b(?:previous|prior|above|earlier|preceding|initial|original|system|existing|your|all|these|those|safety|other)\b[^.\n]{0,25}\b(?:instructions?|rules?|prompts?|guidelines?|directions?|directives?|polic(?:y|ies)|constraints?|restrictions?|context|training|limits)\b", Options, Patience)]
    private static partial Regex Override();

    [GeneratedRegex(@"\b(?:ignorier\w*|vergiss|missachte)\b[^.\n]{0,30}\b(?:anweisung\w*|regeln|vorgaben|instruktion\w*)|\b(?:ignore[sz]?|oublie[sz]?)\b[^.\n]{0,30}\b(?:consignes|instructions pr[ée]c[ée]dentes|r[èe]gles)|\b(?:ignora|olvida|omite)\b[^.\n]{0,30}\b(?:instrucciones|reglas)|忽略.{0,10}(?:指令|指示|说明)|игнорируй\w*.{0,30}инструкци", Options, Patience)]
    private static partial Regex OverrideElsewhere();

    [GeneratedRegex(@"\b(?:your|the) (?:new|real|actual|updated|true) (?:instructions?|task|goal|objective|mission|orders?)\b[^.\n]{0,20}(?:\b(?:is|are|follow)\b|:)|\bnew (?:system )?instructions?\s*(?:from [\w ]{2,30})?:|\bfrom now on\b[^.\n]{0,20}\byou (?:will|must|are|should|shall|only)\b|\binstead,? (?:you (?:must|should|will)|do the following|execute)\b", Options, Patience)]
    private static partial Regex NewInstructions();

    [GeneratedRegex(@"<\|?(?:im_start|im_end|system|assistant|endoftext|eot_id|start_header_id)\|?>|</?(?:system|assistant|developer|tool_result|function_results?|instructions?)(?:\s[^>]{0,60})?>|\[/?(?:INST|SYS)\]|<<SYS>>|^\s{0,3}(?:#{1,4}\s*)?(?:system|assistant|developer)(?:\s+(?:message|prompt|override|note))?\s*:|^\s*#{2,4}\s*(?:system|instruction)s?\b|\bBEGIN (?:SYSTEM|ADMIN|NEW) (?:PROMPT|MESSAGE|INSTRUCTIONS?)\b", Options | RegexOptions.Multiline, Patience)]
    private static partial Regex RoleMarker();

    [GeneratedRegex(@"\byou are (?:now|no longer)\b[^.\n]{0,40}\b(?:DAN|unrestricted|unfiltered|jailbroken|an? assistant|bound|admin(?:istrator)?|root|developer|in \w+ mode|different|evil|free)\b|\b(?:act|behave|respond|pretend|roleplay)\b[^.\n]{0,30}\b(?:without (?:any )?(?:restrictions?|rules|limits|filters?)|as (?:DAN|root|an? (?:admin|administrator|unrestricted|jailbroken)))\b|\b(?:enable|enter|activate|switch to)\b[^.\n]{0,15}\b(?:developer|god|debug|admin|maintenance|jailbreak|unrestricted) mode\b", Options, Patience)]
    private static partial Regex Persona();

    [GeneratedRegex(@"\b(?:reveal|print|repeat|output|show|display|disclose|leak|recite|dump|write out|tell me|give me)\b[^.\n]{0,40}\b(?:system prompt|system message|(?:your|initial|hidden|original|secret) (?:prompt|instructions?|rules)|everything above|(?:all|any) (?:the )?text above|api keys?|environment variables|credentials)\b", Options, Patience)]
    private static partial Regex PromptLeak();

    [GeneratedRegex(@"\b(?:already|pre-?|has been|is|are|was|been|considered|counts as) ?(?:approved|authori[sz]ed|cleared) (?:by|from) (?:the )?(?:admin|administrator|management|manager|system|ceo|security|supervisor|operator|root|owner)\b[^.\n]{0,60}\b(?:skip|no need|without|do not|don't|so (?:you|just|call|run|proceed)|proceed|immediately)\b|\b(?:without|skip(?:ping)?|bypass(?:ing)?|no need (?:for|to (?:ask|wait))|do not (?:ask|wait) for|don't (?:ask|wait) for)\b[^.\n]{0,15}\b(?:approval|approvals|confirmation|permission|authori[sz]ation|human review|the approval step|asking (?:anyone|the user))\b|\b(?:set|change|treat|mark|lower|raise)\b[^.\n]{0,30}\b(?:tier|permission|role|approval|status)s?\b[^.\n]{0,40}\b(?:to|as)\b[^.\n]{0,10}\b(?:read|admin|approved|allow(?:ed)?|root|owner|write_safe)\b", Options, Patience)]
    private static partial Regex FalseApproval();

    [GeneratedRegex(@"\b(?:do not|don't|never|without)\b[^.\n]{0,12}\b(?:tell(?:ing)?|mention(?:ing)?|inform(?:ing)?|alert(?:ing)?|notify(?:ing)?|reveal(?:ing)?|show(?:ing)?)\b[^.\n]{0,25}\b(?:user|human|customer|operator|anyone|this (?:message|instruction|note)|these instructions)\b[^.\n]{0,40}(?:\b(?:this|about|instruction|that you)\b|[.!\n]|$)", Options, Patience)]
    private static partial Regex Secrecy();

    [GeneratedRegex(@"\b(?:call|invoke|run|execute|use|trigger)\b (?:the )?(?:tool |function )?[`'""]?[a-z]+_[a-z_]+[`'""]?(?: tool| function)?\b[^.\n]{0,80}(?:\b(?:immediately|now|at once|for (?:all|every|each|order)|with|before (?:anything|answering|you))\b)", Options, Patience)]
    private static partial Regex CoercedCall();

    [GeneratedRegex(@"!\[[^\]]{0,200}\]\(\s*https?://[^)\s]{1,500}[?&/][^)\s]{0,200}(?:[=/]\s*[\{\[<$]|data|secret|token|prompt|context|leak|exfil|conversation)|<img[^>]{0,200}src=[^>]{0,300}(?:\{|data=|secret|token|prompt)", Options, Patience)]
    private static partial Regex ImageWithData();

    [GeneratedRegex(@"\b(?:send|post|forward|upload|transmit|submit|exfiltrate|email|append|encode)\b(?=[^\n]{0,130}(?:https?://|@|webhook))[^.\n]{0,60}\b(?:conversation|context|history|data|details|records?|credentials?|passwords?|keys?|tokens?|prompt|instructions|everything|database|customers?|results?)\b[^\n]{0,60}(?:https?://|\b[\w.+-]+@[\w-]+\.\w|\bwebhook\b)", Options, Patience)]
    private static partial Regex SendAway();

    [GeneratedRegex(@"<!--[^<>]{0,400}\b(?:assistant|ai|model|llm|agent|instructions?|ignore)\b[^<>]{0,400}-->|(?:display:\s*none|font-size:\s*0|color:\s*(?:white|#fff(?:fff)?)\b|opacity:\s*0(?![.\d]))[^<]{0,80}>[^<]{12,}", Options, Patience)]
    private static partial Regex HiddenMarkup();

    [GeneratedRegex(@"\b(?:AI|LLM|language model|(?:AI )?assistants?|chatbot|agent|bot|GPT|copilot)s?\b\s*(?:reading|processing|handling|that reads?|who reads?|must|should|:|,\s*(?:please|you|do|ignore|call|refund|send|issue))|\bif you are an? (?:AI|LLM|language model|assistant|agent|bot)\b|\b(?:note|attention|message|instruction|important)s? (?:to|for) (?:the |any )?(?:AI|LLM|assistant|model|agent|bot)\b", Options, Patience)]
    private static partial Regex AddressesModel();

    [GeneratedRegex(@"\b(?:you must|you are required to|you have to|must immediately|important!?:|urgent!?:|mandatory|as instructed by)\b|\b(?:refund|transfer|delete|cancel|wire|pay|send|grant|approve)\b[^.\n]{0,30}\b(?:all|every|everything|any|full amount)\b", Options, Patience)]
    private static partial Regex Demand();
}
