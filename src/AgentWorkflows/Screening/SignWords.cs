namespace AgentWorkflows.Screening;

/// <summary>The words of each <see cref="Sign"/>: lower case, without accents, English, German, French, Spanish, Italian, Portuguese and Dutch. <c>*</c> stands for any ending.</summary>
internal static class SignWords
{
    public static readonly IReadOnlyList<(Sign Sign, string Words)> All =
    [
        (Sign.Dismiss, """
            ignore, disregard, forget, override, overrule, bypass, discard, drop, neglect, skip, abandon, dismiss, circumvent, omit,
            stop following, do not follow, don't follow, do not obey, don't obey, set aside, put aside, pay no attention, throw away, throw out,
            erase, unlearn, suspend, cease following, ignoriere, ignorier, ignoriert, ignorieren sie alle, vergiss, vergesst, missachte, verwirf,
            uberschreibe, umgehe, beachte nicht, halte dich nicht, oublie, oubliez, ignorez, neglige, contourne, abandonne, ne tiens plus compte,
            ne tiens pas compte, ne tenez plus compte, ne tenez pas compte, ne tenez aucun compte, fais abstraction, faites abstraction,
            ne suis plus, ne respecte plus, ignora, ignorad, olvida, olvidate, olvidad, descarta, omite, omita, no hagas caso,
            no tengas en cuenta, no sigas, deja de seguir, desobedece, dimentica, dimenticate, ignorate, scarta, tralascia, non tenere conto,
            non seguire, esqueca, esquece, desconsidere, desconsidera, descarte, nao siga, negeer, vergeet
            """),
        (Sign.Rules, """
            instruction, instructions, rule, rules, guideline*, guidance, directive*, prompt, prompts, orders, policy, policies, constraint*,
            restriction*, safeguard*, guardrail*, configuration, programming, training, context, limits, direction, directions, commands, input,
            inputs, messages, protocols, standards, anweisung*, regel, regeln, vorgabe*, instruktion*, richtlinie*, systemprompt*, beschrankung*,
            consigne*, regle, regles, contrainte*, limites, instruccion*, regla, reglas, directrices, directiva*, normas, restriccion*,
            istruzion*, regole, direttive, instrucoes, instrucao, regras, diretrizes, instructies, regels
            """),
        (Sign.Prior, """
            previous, prior, above, earlier, preceding, initial, original, system, existing, your, ur, all, these, those, safety, other, any,
            every, former, whatever, past, current, hidden, given, bisherig*, vorherig*, fruher*, obig*, alle, deine, deinen, deiner, samtliche,
            ursprunglich*, precedent*, anterieur*, toutes, tes, tous, initiales, initial*, anteriores, anterior, previas, previos, todas, tus,
            originales, precedenti, tutte, tue, todas as, suas, vorige, eerdere
            """),
        (Sign.Told, """
            you were told, you have been told, you've been told, you were given, you have been given, you've been given, you were configured,
            you were instructed, you were programmed, you have been instructed, you were taught, you are told, told before, told earlier,
            told so far, told you, said before, you know so far, you learned, you received, you operate under, you are bound, instructed you,
            i told you, told you before, everything above, everything before, before this, from chat gpt, from openai, were you told,
            were you given, were you instructed, dir gesagt, dir bisher gesagt, gesagt wurde, gesagt worden, du gelernt hast, dir aufgetragen*,
            du bisher weisst, du erhalten hast, t'a dit, t'a donne*, t'a dites, tu as recu*, tu as appris, on t'a *, te dijeron, te han dicho,
            te dije, te han dado, te dieron, te configuraron, has aprendido, te programaron, ti hanno detto, ti e stato detto, te ensinaram,
            te disseram, foi dito, lhe disseram
            """),
        (Sign.Void, """
            no longer apply, no longer applies, are withdrawn, is withdrawn, have been withdrawn, wurden ersetzt, sind ersetzt, zuruckgezogen,
            sont remplacees, ont ete remplacees, han sido reemplazad*, fueron reemplazad*, quedan reemplazad*, sono sostituit*, sono revocat*,
            foram substituidas, foram revogadas, zijn ingetrokken, zijn vervallen, zijn vervangen, vervallen, no longer valid, no longer binding, not apply anymore, do not apply, does not apply, don't apply,
            are void, is void, null and void, superseded, obsolete, are suspended, is suspended, are lifted, is lifted, are revoked,
            are cancelled, have expired, have been replaced, are replaced, have been revoked, are off, are disabled, gelten nicht mehr,
            gilt nicht mehr, sind ungultig, ist ungultig, aufgehoben, ausser kraft, ne s'applique*, sont annulees, sont levees, caduques,
            ya no aplica*, ya no vale*, quedan anulad*, quedan sin efecto, non valgono piu, non si applicano, nao se aplicam, ja nao valem
            """),
        (Sign.FromNow, """
            from now on, from this point on, from this point forward, from here on, henceforth, going forward, starting now, as of now, ab sofort,
            ab jetzt, von nun an, ab diesem moment, a partir de maintenant, desormais, dorenavant, a partir de ahora, de ahora en adelante,
            a partir de este momento, desde ahora, d'ora in poi, da ora in poi, da adesso, a partir de agora, de agora em diante, vanaf nu
            """),
        (Sign.You, "you, your, u, ur, yourself"),
        (Sign.Familiar, """
            du, dir, dich, dein, deine, deinen, deinem, deiner, tu, te, toi, ton, tes, tu tarea, tus, obedece, ti, tuo, tua, tue, tuoi, tarefa,
            jij, jouw, you will only, you only, you obey
            """),
        (Sign.YouMust, """
            you must, you should, you shall, you will, you have to, you need to, you are required to, you are to, you may now, you can now,
            you can go ahead, you may go ahead, you are obliged, you are expected to, you're required to, you ought to, you are instructed to,
            you are ordered to, du musst, du sollst, du wirst, du darfst, tu dois, tu peux maintenant, debes, tienes que, deberas, devi, deves,
            voce deve, please proceed, must now, to recover
            """),
        (Sign.Model, """
            ai, llm, llms, gpt, chatgpt, claude, gemini, copilot, chatbot, bot, assistant, assistants, agent, agents, language model,
            language models, ai system, virtual assistant, automated system, automated agent, automated systems, model, ki, ki-assistent,
            assistent, sprachmodell, ia, modele, assistante, asistente, agente, modelo, assistente, modello, processes this automatically,
            code assistant, code assistants
            """),
        (Sign.Modal, """
            must, should, shall, has to, have to, needs to, need to, may, can, is to, are to, is required to, are required to, is permitted to,
            is allowed to, are allowed to, is authorised to, is authorized to, is instructed to, are instructed to, will, please, muss, mussen,
            soll, sollte, darf, bitte, doit, doivent, devrait, debe, deben, deve, devono
            """),
        (Sign.Persona, """
            you are now, you are no longer, you're now, you are going to act, you are going to play, you will act, you are about to, persona,
            alter ego, your name is, respond as, play the part, you are a, you are an, you are dan, act as, acting as, pretend, imagine, roleplay,
            role-play, role play, play the role, play a game, simulate, behave as, behave like, answer as, stay in character, take on the role,
            assume the role, become, in this hypothetical, hypothetically, du bist jetzt, du bist nun, du bist ab, spiele, stell dir vor, tu dich,
            verhalte dich, tu es maintenant, tu es desormais, tu joues, joue le role, agis comme, imagine que, fais semblant, comporte-toi,
            eres ahora, ahora eres, actua como, finge, imagina que, haz de cuenta, comportate, sei ora, ora sei, agisci come, fingi, immagina,
            agora es, voce agora e, aja como
            """),
        (Sign.Unlimited, """
            unrestricted, unfiltered, uncensored, jailbroken, no rules, no restrictions, no limits, no filters, no limitations, no guidelines,
            no ethics, no policies, no supervisor, without restriction*, without rules, without limit*, without filter*, without any restriction*,
            without any rules, without any limit*, without any filter*, without content polic*, without ethic*, without safety,
            without constraint*, without policies, free of all restrictions, free from all restrictions, free of restrictions,
            free from all rules, free from any, free of any, freed from, no ethical, no moral, amoral, unethical, no prohibitions,
            regardless of any, anything it wants, anything you want, everything is allowed, no longer bound, not bound, no content, no censorship,
            never refuse*, cannot refuse, break the rules, bypass all, rules were switched off, rules are switched off, rules were off,
            rules are off, rules are disabled, safety is off, safety off, safety rules, content polic*, obeys, full access, all permissions,
            administrator, superuser, allowed everything, can do anything, do anything, every command, grants every, grant every, free of rules,
            uneingeschrankt*, ohne regeln, ohne einschrankung*, ohne grenzen, ohne beschrankung*, unbegrenzt*, jeden befehl, alle rechte,
            sans limite*, sans aucune limite, sans restriction*, sans aucune restriction, sans regle*, sans aucune regle, sans filtre*,
            tous les droits, le droit de tout, sin restriccion*, sin limite*, sin reglas, sin filtro*, todos los permisos, obedece, senza limit*,
            senza restrizion*, senza regole, senza filtri, sem restric*, sem limites, sem regras
            """),
        (Sign.Lawless, """
            unrestricted, unfiltered, uncensored, jailbroken, free of all restrictions, free from all restrictions, free of restrictions,
            free from all rules, freed from, no ethical, no moral, amoral, unethical, immoral, no prohibitions, anything it wants,
            no longer bound, not bound by, no censorship, never refuse*, cannot refuse, break the rules, bypass all, content polic*,
            regardless of ethic*, regardless of any ethic*, regardless of moral*, no ethics, no guidelines, ohne moral, sans morale, sin etica,
            openai's polic*, openai polic*
            """),
        (Sign.Jailbreak, """
            jailbreak, dan mode, simulate developer mode, developer mode output, do anything now, god mode, unrestricted ai, uncensored ai,
            developer mode enabled, stay in character
            """),
        (Sign.Ask, """
            reveal, print, repeat, output, show, display, disclose, leak, recite, dump, write out, write down, tell me, give me, translate,
            summarise, summarize, quote, paste, list, share, send me, copy, export, expose, see, view, provide, know, need, describe, return,
            echo, encode, spell out, complete, what is, what are, what was, what were, what's, which, gib, zeig, zeige, nenne, wiederhole,
            verrate, ubersetze, drucke, schreib, schreibe, liste, affiche, montre, donne, repete, revele, traduis, recopie, ecris, liste-moi,
            cite, divulgue, muestrame, muestra, dime, repite, revela, imprime, traduce, escribe, dame, copia, mostra, mostrami, dimmi, stampa,
            rivela, ripeti, elenca, mostre, diga, repita, imprima
            """),
        (Sign.Prompt, """
            system prompt*, systemprompt*, system-prompt*, system message, system instruction*, systemanweisung*, systemnachricht, your prompt,
            your instructions, your initial instructions, your rules, your guidelines, your configuration, your original instructions,
            your hidden *, your secret *, your system *, your developer*, initial prompt, hidden prompt, hidden instructions,
            hidden configuration, secret instructions, developer message, developer prompt, configuration text, context window, tool definitions,
            tool descriptions, tool schemas, everything above, all text above, all the text above, starting instructions, initial instructions,
            first instructions, initialization string, initialization prompt, previous prompt, the above text, i was instructed, i was told,
            this entire conversation, entire conversation, were you told, were you given, were you instructed, your reasoning, hidden reasoning,
            chain-of-thought, chain of thought, words above, lines above, first token, you were given, you were configured, you were told,
            you were instructed, deine anweisungen, deine anweisung, deine regeln, deine vorgaben, deinen prompt, deine konfiguration,
            dein prompt, werkzeugbeschreibung*, prompt systeme, message systeme, instructions systeme, tes instructions, tes consignes,
            ton prompt, tes regles, ta configuration, consignes que ton, consignes que tu, consignes que tes, ton developpeur,
            instrucciones de sistema, instrucciones del sistema, prompt del sistema, mensaje del sistema, tus instrucciones, tu prompt,
            tus reglas, te configuraron, prompt di sistema, istruzioni di sistema, tue istruzioni, tuo prompt, prompt do sistema,
            instrucoes do sistema, suas instrucoes
            """),
        (Sign.Verbatim, """
            word for word, verbatim, exact words, exactly as written, exact text, in full, code block, as json, character by character, wortlich,
            wortwortlich, wort fur wort, mot pour mot, mot a mot, textuellement, palabra por palabra, literalmente, textualmente,
            parola per parola, palavra por palavra
            """),
    ];
}
