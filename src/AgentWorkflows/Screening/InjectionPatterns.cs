using System.Text.RegularExpressions;

namespace AgentWorkflows.Screening;

/// <summary>
/// What attacks look like, where <see cref="SignRules"/> says how they speak: markers of chat formats, hidden markup, pictures that carry data. All run in time linear in
/// the text: none of them backtracks.
/// </summary>
internal static class InjectionPatterns
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking;

    public static readonly IReadOnlyList<(string Kind, double Weight, Regex Pattern)> All =
    [
        // <|im_start|>, <|eot_id|>, <start_of_turn>, [INST], <<SYS>>, <function_calls>: nothing but a chat format has them.
        ("role_marker", 0.6, Make(@"<\|/?[a-z_]{3,30}\|>|<\|(?:start|end|im|fim)_[a-z_]{2,20}|</?(?:start|end)_of_turn>|\[/?(?:INST|SYS|TOOL_RESULTS|TOOL_CALLS|AVAILABLE_TOOLS|SYSTEM_PROMPT|SYSTEM)\]|<</?SYS>>")),
        ("role_marker", 0.6, Make(@"</?(?:system|assistant|developer|tool_results?|tool_calls?|tool_use|tool_response|function_results?|function_calls?|system_prompt|instructions?|invoke)(?:\s[^>]{0,60})?>")),
        ("role_marker", 0.6, Make(@"\bBEGIN (?:SYSTEM|ADMIN|NEW|DEVELOPER) (?:PROMPT|MESSAGE|INSTRUCTIONS?)\b|(?m:^)\W{0,6}(?:system|developer|admin) (?:message|prompt|override|instructions?)(?: *:| *\n)")),
        ("role_marker", 0.4, Make(@"(?m:^)[ >*_#]{0,6}(?:system|assistant|developer) *[*_]{0,2}:[*_]{0,2} *\S")),
        ("role_marker", 0.5, Make(@"(?m:^)[ *#]{0,6}(?:human|user|system) *[*]{0,2}: [^\n]{1,400}\n{1,3}[ *#]{0,6}(?:assistant|model|ai) *[*]{0,2}:")),
        ("role_marker", 0.3, Make(@"-{3,} {0,2}end of [a-z ]{2,30}-{3,}|[\[(]end of (?:tool|search|document|context|data|user|email)[a-z ]{0,20}[\])]|</?(?:context|document|data|result|user_input|output)> *\n")),
        ("instruction_override", 0.7, Make(@"忽略.{0,10}(?:指令|指示|说明|规则)|無視.{0,10}(?:指示|命令)|(?:指示|命令).{0,6}無視|игнорируй\w*.{0,30}(?:инструкци|указани|правил)|забудь.{0,30}(?:инструкци|указани|правил)")),
        ("persona", 0.6, Make(@"\b(?:enable|enter|activate|switch (?:in)?to)\b[^.\n]{0,15}\b(?:developer|god|debug|admin|maintenance|jailbreak|unrestricted|sudo) mode\b")),
        ("false_authority", 0.6, Make(@"\b(?:set|change|treat|mark|lower|raise)\b[^.\n]{0,30}\b(?:tier|permission|role|approval|status|request)s?\b[^.\n]{0,40}\b(?:to|as)\b[^.\n]{0,10}\b(?:read|admin|approved|allow(?:ed)?|root|owner|write_safe)\b")),
        ("exfiltration", 0.7, Make(@"!\[[^\]]{0,200}\]\(\s*https?://[^)\s]{1,500}[?&/#][^)]{0,200}(?:[=/]\s*[\{\[<$]|data=|secret|token=|prompt|context|leak|exfil|conversation)")),
        ("exfiltration", 0.7, Make(@"<(?:img|iframe|script|link|video)[^>]{0,200}(?:src|href)=[^>]{0,300}(?:\{|data=|secret|token=|prompt|\$\()")),
        ("exfiltration", 0.5, Make(@"\b(?:curl|wget|nc|invoke-webrequest|invoke-restmethod)\b[^\n]{0,200}(?:\$\(|\$env|\$\{|@/|@~|/etc/passwd|\.ssh|\.env\b)")),
        ("hidden_markup", 0.4, Make(@"<!--[^<>]{0,400}\b(?:assistants?|ai|llms?|language model|agents?|instructions?|ignore|prompt)\b[^<>]{0,400}-->|(?:#|//|/\*)[^\n]{0,40}\b(?:(?:code|ai) assistants?|llms?|ai agents?|copilot)\b")),
        ("hidden_markup", 0.4, Make(@"(?:display: *none|visibility: *hidden|font-size: *0(?:px|pt|em)?[;""' ]|color: *(?:white|#fff(?:fff)?|transparent)[;""' ]|opacity: *0[;""' ]|<\w+ hidden|aria-hidden=.true)[^<]{0,80}>[^<]{25,}")),
        ("addresses_the_model", 0.4, Make(@"\b(?:AI|LLM|language model|(?:AI )?assistant|chatbot|AI agents?|bot|GPT|copilot)s?\b\s*(?:reading|processing|handling|summari[sz]ing|that reads?|who reads?|: *[a-z]{3}|,\s*(?:please|you|do|ignore|call|refund|send|issue|act|kindly))")),
        ("addresses_the_model", 0.4, Make(@"\b(?:note|attention|message|instruction|important|memo|warning)s?(?: to| for)? (?:the |any |all |code )?(?:AI|LLM|assistant|language model|agent|bot)s?\b|(?m:^|[.>]) *agent: [a-z]{2,} [a-z]|\bif you are an? (?:AI|LLM|language model|assistant|automated|autonomous|agent|bot)\b|\bto whoever processes\b")),
        // Whoever speaks to the machine that reads, not to a person: "an die KI, die das liest", "automated processors must".
        ("addresses_the_model", 0.5, Make(@"\b(?:an (?:die|jede|alle)|aan (?:de|elke)|für die|(?:à|a|per|para|pour) (?:toute |cada |qualsiasi )?(?:l['’]|la |le |el |o )?|all['’]|al )\s?(?:KI|IA|AI|LLM|chatbot|sprachmodell|taalmodel|assistant virtuel|asistente virtual|assistente virtuale?)s?\b[^.\n]{0,40}\b(?:die|der|das|qui|que|che|dit|dies|liest|lit|lee|legge|lê|leest)\b")),
        ("addresses_the_model", 0.5, Make(@"\b(?:automation|automated|ai|llm) (?:agents?|processors?|assistants?|readers?|systems?) (?:only\b *:|must\b|shall\b|have to\b|are (?:authori[sz]ed|required|instructed|permitted)\b)")),
        ("addresses_the_model", 0.4, Make(@"\b(?:atenção|achtung|attention|atención|attenzione|let op|opgelet|hinweis|nota|note|bericht)[,:!]? {0,2}(?:an (?:den|die) |aan de |für (?:den|die) |(?:per|para|pour) (?:l['’]|la |le |el |o )?|all['’]|al |à l['’])?(?:assistent|asistente|assistente|assistant|KI|IA|LLM|chatbot)\b")),
        ("addresses_the_model", 0.25, Make(@"\b(?:assistent|asistente|assistente|assistant)e?n? (?:autom[aá]tic[oa]|automatique|virtual|virtuale|virtuel)\b|\bautomatische[nr]? assistente?n?\b|\bl['’](?:assistente|assistant)\b[^.\n]{0,12}\b(?:ora|maintenant|adesso)\b")),
        ("role_marker", 0.4, Make(@"(?:#{2,6}|={2,6}|\*{2,6}|\[) ?(?:end |ende |fin |fine )?(?:system|sistema|système|systeem|developer|entwickler|admin) ?(?:#{2,6}|={2,6}|\*{2,6}|\])")),
        ("role_marker", 0.4, Make(@"\b(?:messaggio|nachricht|mensaje|mensagem|message|bericht|anweisung|istruzione) (?:dell[oa]|des|del|do|du|van (?:de|het)|der|di) (?:sviluppatore|sistema|entwicklers?|desarrollador|desenvolvedor|développeur|système|ontwikkelaar|systeem)\b")),
    ];

    private static Regex Make(string pattern) => new(pattern, Options);
}
