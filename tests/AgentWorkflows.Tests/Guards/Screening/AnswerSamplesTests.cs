using AgentWorkflows.Agents;
using AgentWorkflows.Costs;
using AgentWorkflows.Models;
using AgentWorkflows.Screening;
using AgentWorkflows.Steps;
using Xunit;
using Xunit.Abstractions;

namespace AgentWorkflows.Tests.Guards.Screening;

public sealed class AnswerSamplesTests(ITestOutputHelper output)
{
    private static readonly AgentDefinition Agent = new()
    {
        Name = "desk",
        Version = "1",
        Instructions = "Be useful.",
        Models = new Dictionary<ModelPurpose, ModelRoute>(),
        Tools = [],
        Prices = new Dictionary<string, ModelPrice>(),
    };

    [Fact]
    public void FortyBadAnswers_AndTwentyGoodOnes_AreToldApart()
    {
        var missed = AnswerSamples.Bad.Where(sample => KindOf(sample.Answer) != sample.Kind).ToList();
        var spoilt = AnswerSamples.Good.Where(answer => KindOf(answer) != "clean").ToList();

        output.WriteLine($"{AnswerSamples.Bad.Length - missed.Count} of {AnswerSamples.Bad.Length} bad answers held, {spoilt.Count} of {AnswerSamples.Good.Length} good ones changed");
        missed.ForEach(sample => output.WriteLine($"missed ({KindOf(sample.Answer)}, not {sample.Kind}): {sample.Answer}"));
        spoilt.ForEach(answer => output.WriteLine($"spoilt ({KindOf(answer)}): {answer}"));
        Assert.Empty(missed);
        Assert.Empty(spoilt);
    }

    private static string KindOf(string answer) => AnswerCheck.Of(answer, ["""{"order_id":1042}"""], Agent) switch
    {
        AnswerVerdict.Clean => "clean",
        AnswerVerdict.Refused => "refused",
        AnswerVerdict.Replaced replaced => string.Join(", ", replaced.Findings.Distinct()),
        var other => other.ToString(),
    };
}
