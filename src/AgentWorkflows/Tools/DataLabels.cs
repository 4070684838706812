namespace AgentWorkflows.Tools;

/// <summary>What is to be known of the data a tool gives, whoever reads it. What follows from a label stands in <see cref="LabelRule"/>.</summary>
[Flags]
public enum DataLabels
{
    None = 0,

    /// <summary>From outside the company: mails, web pages, forms. Whoever wrote it may want something of the agent.</summary>
    Untrusted = 1,

    /// <summary>Not for everybody: it goes only to tools and models that may see it.</summary>
    Confidential = 2,
}
