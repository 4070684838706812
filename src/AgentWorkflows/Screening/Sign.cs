namespace AgentWorkflows.Screening;

/// <summary>What a word or phrase may mean in a text that tries to instruct a model. One alone is ordinary language; <see cref="SignRules"/> says which ones together are not.</summary>
[Flags]
internal enum Sign : long
{
    None = 0,

    /// <summary>Ignore, forget, set aside.</summary>
    Dismiss = 1L << 0,

    /// <summary>Instructions, rules, guidelines.</summary>
    Rules = 1L << 1,

    /// <summary>Previous, above, your, all.</summary>
    Prior = 1L << 2,

    /// <summary>What you were told.</summary>
    Told = 1L << 3,

    /// <summary>No longer applies.</summary>
    Void = 1L << 4,

    FromNow = 1L << 5,

    You = 1L << 6,

    /// <summary>You must, you will, you can go ahead.</summary>
    YouMust = 1L << 7,

    /// <summary>Assistant, agent, language model.</summary>
    Model = 1L << 8,

    /// <summary>Must, should, has to.</summary>
    Modal = 1L << 9,

    /// <summary>You are now, act as, pretend.</summary>
    Persona = 1L << 10,

    /// <summary>Unrestricted, without rules, administrator.</summary>
    Unlimited = 1L << 11,

    /// <summary>Reveal, print, translate.</summary>
    Ask = 1L << 12,

    /// <summary>System prompt, your instructions, context window.</summary>
    Prompt = 1L << 13,

    /// <summary>Word for word.</summary>
    Verbatim = 1L << 14,

    Approved = 1L << 15,

    /// <summary>Without, no need for, skip.</summary>
    NoNeed = 1L << 16,

    Approval = 1L << 17,

    /// <summary>Somebody who speaks with authority, or says so.</summary>
    Authority = 1L << 18,

    /// <summary>Is allowed to, has been upgraded to.</summary>
    Granted = 1L << 19,

    /// <summary>Do not mention, keep between us, secretly.</summary>
    Quiet = 1L << 20,

    /// <summary>Your answer, the summary, this instruction.</summary>
    Answer = 1L << 21,

    /// <summary>Refund, pay, delete as an order to somebody.</summary>
    Act = 1L << 22,

    /// <summary>A tool's name that sounds like an effect.</summary>
    Tool = 1L << 23,

    /// <summary>Call, run, execute.</summary>
    Call = 1L << 24,

    /// <summary>Immediately, before you answer.</summary>
    Urgent = 1L << 25,

    /// <summary>Send, append, upload.</summary>
    Send = 1L << 26,

    /// <summary>Conversation, credentials, all customers.</summary>
    Loot = 1L << 27,

    /// <summary>A link or an e-mail address.</summary>
    Address = 1L << 28,

    Decode = 1L << 29,

    /// <summary>Do what it says.</summary>
    Obey = 1L << 30,

    /// <summary>First, then, step 2.</summary>
    Sequence = 1L << 31,

    /// <summary>Your new task is.</summary>
    NewTask = 1L << 32,

    /// <summary>The user's request.</summary>
    Request = 1L << 33,

    /// <summary>All, every, each.</summary>
    Every = 1L << 34,

    /// <summary>This conversation, this session.</summary>
    Session = 1L << 35,

    /// <summary>Familiar forms of address (du, tu): how one speaks to a machine, not to a shop.</summary>
    Familiar = 1L << 36,

    /// <summary>Jailbreak, DAN mode.</summary>
    Jailbreak = 1L << 37,

    /// <summary>Tool error, search results, end of document.</summary>
    Result = 1L << 38,

    /// <summary>Amoral, uncensored: said of nobody but a model.</summary>
    Lawless = 1L << 39,
}
