namespace AgentWorkflows.Connectors.Chat;

/// <summary>Whose protocol an endpoint speaks.</summary>
internal enum ModelProvider
{
    /// <summary>Chat completions, of OpenAI or of a server that speaks them too.</summary>
    OpenAI,

    /// <summary>Chat completions under the deployments of an Azure OpenAI resource.</summary>
    Azure,

    /// <summary>Messages.</summary>
    Anthropic,

    /// <summary>Ollama's own chat.</summary>
    Ollama,
}

/// <summary>How a model is held to the JSON schema of its answer.</summary>
internal enum SchemaMode
{
    /// <summary>The endpoint enforces the schema while the model writes.</summary>
    Strict,

    /// <summary>The schema stands in the prompt; the endpoint sees to it that the answer is some JSON object.</summary>
    Json,

    /// <summary>The schema stands in the prompt, and nothing else is asked of the endpoint.</summary>
    Prompt,
}
