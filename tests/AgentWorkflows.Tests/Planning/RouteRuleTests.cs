using AgentWorkflows.Agents;
using AgentWorkflows.Models;
using AgentWorkflows.Testing;
using AgentWorkflows.Tests.Agents;
using Xunit;

namespace AgentWorkflows.Tests.Planning;

public sealed class RouteRuleTests
{
    [Theory]
    [InlineData("plan: {deployment: default}", false)]
    [InlineData("plan: {deployment: default}, answer: {deployment: default}", false)]
    [InlineData("plan: {deployment: default, fallback: offline-playbook, simple: offline-playbook}, answer: {deployment: default}", false)]
    [InlineData("plan: {deployment: default}, answer: {deployment: default, max_output_tokens: 2000}", true)]
    [InlineData("plan: {deployment: default}, answer: {deployment: default, temperature: none}", true)]
    [InlineData("plan: {deployment: default}, answer: {deployment: offline-playbook}", false)]
    public void AnswersAreDrafts_WhereTheAnswerRouteReadsOtherwise(string models, bool drafts) =>
        Assert.Equal(drafts, RouteRule.DraftsAnswers(Agent(models), new Host("gpt-4.1")));

    [Fact]
    public void TheOfflinePlaybooksWords_AreNoDraft() => Assert.False(RouteRule.DraftsAnswers(
        Agent("plan: {deployment: default}, answer: {deployment: default, max_output_tokens: 2000}"), new Host(PlaybookModel.Deployment)));

    [Theory]
    [InlineData("plan: {deployment: default}", "gpt-4.1", false)]
    [InlineData("plan: {deployment: default, simple: west/offline-playbook}", "gpt-4.1", true)]
    [InlineData("plan: {deployment: default, simple: west/offline-playbook}", "west/offline-playbook", false)]
    [InlineData("plan: {deployment: default, simple: west/offline-playbook}", PlaybookModel.Deployment, false)]
    public void GoalsAreJudged_WhereAnotherDeploymentPlansSimpleOnes(string models, string host, bool classifies) =>
        Assert.Equal(classifies, RouteRule.Classifies(Agent(models), new Host(host)));

    /// <summary>Scripted is only what answers to the playbook's own name.</summary>
    private sealed class Host(string own) : IChatModelCatalog
    {
        public string Resolve(string deployment) => deployment == "default" ? own : deployment;

        public IChatModel? Find(string deployment) => deployment == PlaybookModel.Deployment ? ScriptedChatModel.ByTurn() : null;

        public string Describe(string deployment) => deployment;
    }

    private static AgentDefinition Agent(string models) =>
        AgentFiles.Valid(agent: AgentFiles.Head.Replace("{plan: {deployment: offline-playbook}}", $"{{{models}}}") + AgentFiles.Tools);
}
