namespace AgentWorkflows.Screening;

/// <summary>The words about approvals, secrecy, tools and data; see <see cref="SignWords"/>.</summary>
internal static class SignWordsOfActs
{
    public static readonly IReadOnlyList<(Sign Sign, string Words)> All =
    [
        (Sign.Approved, """
            approved, pre-approved, preapproved, authorised, authorized, signed off, signed this off, sign-off, cleared, pre-cleared,
            confirmed by, green light, granted, waived, validated, freigegeben, genehmigt, autorisiert, bestatigt, abgesegnet, valide, validee,
            approuve, approuvee, autorise, autorisee, aprobado, aprobada, autorizado, autorizada, approvato, approvata, autorizzato, aprovado,
            aprovada, goedgekeurd
            """),
        (Sign.NoNeed, """
            without, no need, need not, needn't, not needed, no further, no additional, skip, skipping, bypass, bypassing, do not ask, don't ask,
            do not wait, don't wait, not necessary, not required, unnecessary, waive, omit, no more, free of, nicht notig, nicht erforderlich,
            keine weitere, keine zusatzliche, ohne, brauchst keine, braucht keine, unnotig, entfallt, uberspringe, inutile de, inutile,
            pas besoin, pas necessaire, sans, aucune, no hace falta, sin, no es necesari*, no necesitas, omite, senza, non serve,
            non e necessari*, sem, nao e preciso, nao precisa
            """),
        (Sign.Approval, """
            approval, approvals, confirmation*, permission, authorisation, authorization, human review, sign-off, second pair, checks, check,
            verification, raise an approval, usual confirmation, review, asking, genehmigung*, freigabe*, bestatigung*, ruckfrage*, prufung,
            zustimmung, autorisation, validation, approbation, demander, verification humaine, autorizacion, aprobacion, confirmacion, permiso,
            autorizzazione, conferma, approvazione, autorizacao, aprovacao, confirmacao, prompts are disabled, prompts disabled,
            confirmations are off, own approvals
            """),
        (Sign.Authority, """
            this is the ceo, this is the cfo, i am the ceo, i am the owner, i'm the owner, i am your developer, i am the administrator,
            i am the admin, i am your creator, shop owner, message from openai, message from anthropic, message from microsoft,
            message from google, openai, anthropic, trust & safety, trust and safety, system administrator, security notice, system notice,
            admin notice, system override, system update, system message, policy update, on behalf of the, i authorise you, i authorize you,
            i hereby, for audit purposes, for testing purposes, for debugging purposes, compliance, audit, legal department, executive order,
            emergency protocol, geschaftsfuhrung, geschaftsfuhrer, im auftrag, ich ermachtige dich, direction generale, le directeur,
            service juridique, au nom de, je t'autorise, gerente, direccion general, en nombre de, te autorizo, administrador, direzione
            """),
        (Sign.Granted, """
            is permitted to, are permitted to, is allowed to, are allowed to, is authorised to, is authorized to, are authorised to,
            are authorized to, is required to, are required to, may execute, may grant, may approve, may skip, upgraded to, promoted to,
            elevated to, granted, has been granted, have been granted, limits are lifted, limits are off, limits off, limits lifted,
            authorise you to, authorize you to, darfst, bist berechtigt, berechtigt, ermachtigt, as le droit, autorise a, tienes permiso,
            estas autorizad*, puedes ejecutar, sei autorizzat*
            """),
        (Sign.Quiet, """
            do not surface, don't surface, do not show this, never shown to, not be shown to, out of the report, out of the change report, praat hier met niemand,
            vertel niemand, zeg niets, niet vermelden, no hace falta avisar, no avises, sin avisar, sin informar, para que no se entere*,
            para que a equipe nao, nao avise, sem avisar, nao conte, senza avvisare, senza informare, non avvisare, non dirlo, sans prevenir,
            sans informer, inutile de prevenir, ne previens pas, ohne es zu erwahnen, niemandem, ohne hinweis an,
            do not tell, don't tell, never tell, do not mention, don't mention, never mention this, do not reveal, don't reveal, do not inform,
            do not notify, do not disclose, without telling, without mentioning, without informing, without notifying, without their knowledge,
            without the user knowing, keep this between, keep it between, keep this secret, keep it secret, keep this quiet, keep quiet,
            keep this hidden, between us, leave this out, leave it out, leave out, as if nothing, must not find out, must not know,
            must not learn, should not know, don't let, do not let, say nothing, nobody must, no one must, secretly, silently, quietly,
            discreetly, covertly, stealthily, do not log, don't log, conceal, hide this, erwahne, mit keinem wort, sag nichts, sage nichts,
            verschweige, heimlich, unbemerkt, unauffallig, verrate niemand*, n'en parle pas, ne dis rien, ne mentionne pas, ne mentionne,
            ne le dis, ne revele pas, discretement, en secret, a l'insu, en cachette, no menciones, no lo menciones, no digas nada,
            no se lo digas, no le digas, en secreto, discretamente, sin que se entere, a escondidas, non dire, non menzionare, di nascosto,
            nao mencione, nao diga
            """),
        (Sign.Answer, """
            your answer, your reply, your response, your summary, the summary, your output, your final answer, final answer, the answer,
            this instruction, this message, this note, these instructions, this prompt, when asked, when you are asked, if asked, deiner antwort,
            deine antwort, der antwort, diese anweisung, diese nachricht, deiner zusammenfassung, ta reponse, la reponse, cette instruction,
            cette consigne, tu respuesta, la respuesta, esta instruccion, este mensaje, tua risposta, questa istruzione, tua resposta,
            esta instrucao, a l'utilisateur, dem nutzer, dem benutzer, al usuario, the user, the operator
            """),
        (Sign.Act, """
            refund, transfer, wire, pay, delete, cancel, grant, approve, send, forward, change, update, replace, buy, purchase, place an order,
            add, remove, mark all, close, execute, run, reset, disable, proceed, recommend, list every, report success, print, move, go ahead,
            erstatte, erstattest, uberweise, uberweist, losche, loscht, storniere, stornierst, genehmige, sende, schicke, schick, andere, fuhre,
            bestelle, gib, rembourse, vire, supprime, annule, approuve, envoie, change discretement, modifie, effectue, achete, reembolsa,
            transfiere, elimina, borra, cancela, cancelar, aprueba, envia, ejecuta, cambia, compra, paga, invia, rimborsa, cancella, esegui,
            apague, envie, cancele, reembolse, transfira, betaal, verwijder
            """),
        (Sign.Call, """
            call, calling, invoke, invoking, run, running, use, using, execute, executing, trigger, perform, go ahead with, proceed with,
            proceed by calling, rufe, ruf, verwende, nutze, benutze, appelle, utilise, llama, llama a, usa, utiliza, ejecuta, chiama, chame, use a
            """),
        (Sign.Urgent, """
            immediately, now, right away, at once, without waiting, without asking, before you answer, before answering, before reading,
            before it returns, before returning, before you reply, before anything, before responding, before continuing, first, directly, asap,
            sofort, jetzt, unverzuglich, vor deiner antwort, bevor du, immediatement, tout de suite, maintenant, avant de repondre,
            inmediatamente, ahora mismo, antes de responder, de inmediato, subito, immediatamente, prima di rispondere, imediatamente, agora,
            again with, for each, for every, for all, on all
            """),
        (Sign.Send, """
            send, post, forward, upload, transmit, submit, exfiltrate, email, e-mail, append, attach, encode, pass, include, embed, leak, copy,
            write, deliver, fetch, put, load, sende, schicke, schick, hange, hangt, leite, ubermittle, envoie, transmets, joins, ajoute,
            transfere, envia, manda, adjunta, reenvia, anade, invia, inoltra, allega, envie, encaminhe, anexe, visit, open, query parameter, list,
            give
            """),
        (Sign.Loot, """
            conversation, conversation history, chat history, chat log, the chat, the context, credentials, passwords, password, api key*,
            secrets, tokens, session token, the prompt, system prompt, everything, database, all customers, customer list, customer data,
            customer records, customer table, list of customers, card number*, credit card*, bank detail*, personal data, the transcript,
            what you know, you know about, all records, user data, private key*, env, environment variables, other customers, gesamte kundenliste,
            kundenliste, kundendaten, alle kunden, zugangsdaten, passworter, gesprachsverlauf, unterhaltung, liste des clients,
            donnees des clients, donnees clients, tous les clients, mots de passe, identifiants, historique, lista de clientes,
            datos de los clientes, todos los clientes, contrasenas, credenciales, historial, dati dei clienti, elenco dei clienti,
            tutti i clienti, dados dos clientes
            """),
        (Sign.Decode, """
            decode, base64, rot13, rot-13, hex, unscramble, decipher, decrypt, reverse the, dekodiere, entschlussle, decode ce, decodifica, x+y,
            concatenate, join the, combine the
            """),
        (Sign.Obey, """
            do what, follow it, follow them, execute it, run it, obey, obey it, do it, act on it, carry it out, do as it says, what it says,
            its instructions, follow the instructions, befolge, fuhre sie aus, suis-la, suis-les, sigue, haz lo que
            """),
        (Sign.Sequence, """
            first, then, next, finally, afterwards, after that, step 1, step 2, step 3, zuerst, dann, danach, schliesslich, anschliessend,
            d'abord, ensuite, puis, enfin, primero, luego, despues, finalmente, prima, poi, infine
            """),
        (Sign.NewTask, """
            your new task, your only task, your real task, your new goal, your real goal, your true goal, your new job, your only job,
            your actual task, your task now, your task is now, your new instructions, your new role, your real instructions, your only purpose,
            your mission is, new operating mode, updated request, new system instructions, deine neue aufgabe, deine einzige aufgabe,
            deine aufgabe ist jetzt, ta nouvelle tache, ta seule tache, ta nouvelle mission, tu nueva tarea, tu unica tarea, tu tarea es,
            tu tarea ahora, il tuo nuovo compito, il tuo unico compito, sua nova tarefa
            """),
        (Sign.Request, """
            user's request, user's question, user's instructions, original request, original task, original question, the user asked,
            current task, was der nutzer, la demande de l'utilisateur
            """),
        (Sign.Every, """
            all, every, everything, each, whole, entire, full amount, in full, any, alle, jede, jeden, jeder, samtliche, alles, tous, toutes,
            tout, toute, chaque, totalite, todos, todas, todo, toda, cada, tutti, tutte, tutto, ogni
            """),
        (Sign.Session, """
            this conversation, the conversation, this session, this chat, before this, conversation started, chat started, dieses gesprach*,
            cette conversation, esta conversacion
            """),
        (Sign.Result, """
            tool error, tool result, tool results, tool output, search results, function result, api response, end of results, previous tool,
            end of search
            """),
    ];
}
