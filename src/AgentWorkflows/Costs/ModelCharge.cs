using System.Globalization;
using AgentWorkflows.Models;
using AgentWorkflows.Words;

namespace AgentWorkflows.Costs;

/// <summary>What a model call is charged, by what the provider says of it. Pure.</summary>
/// <param name="Actual"><c>null</c>: nothing, it was not billed.</param>
/// <param name="Tokens">That count towards the session's limit: as charged, or estimated where the provider says nothing of use.</param>
/// <param name="Disbelieved">For people: which counts were more than the call can have cost, and what is charged instead; <c>null</c>: none.</param>
internal sealed record ModelCharge(CostActual? Actual, int Tokens, string? Disbelieved)
{
    /// <param name="heldMicros">The reservation: charged, in doubt, where the call was billed and nobody knows how much.</param>
    public static ModelCharge Of(ModelPrice price, ChatRequest request, ChatResult result, Micros heldMicros)
    {
        ArgumentNullException.ThrowIfNull(price);
        ArgumentNullException.ThrowIfNull(request);
        return result switch
        {
            ChatResult.Completed completed => Of(price, request, completed.Usage, TokenEstimate.Of(completed.Text), heldMicros),
            ChatResult.Failed { Usage.IsKnown: true } failed => Of(price, request, failed.Usage, 0, heldMicros),
            ChatResult.Failed { Billed: true } => new ModelCharge(new CostActual(heldMicros) { InDoubt = true }, 0, null),
            ChatResult.Failed => new ModelCharge(null, 0, null),
            _ => throw new ArgumentOutOfRangeException(nameof(result), result, null),
        };
    }

    private static ModelCharge Of(ModelPrice price, ChatRequest request, ChatUsage usage, int outputEstimate, Micros heldMicros)
    {
        if (!usage.IsKnown)
        {
            return new ModelCharge(Pricing.Actual(price, usage, heldMicros), TokenEstimate.Of(request) + outputEstimate, null);
        }
        var believed = Believed(request, usage);
        var actual = Pricing.Actual(price, believed, heldMicros);
        return believed == usage
            ? new ModelCharge(actual, usage.Total, null)
            : Doubted(actual, believed, Words(usage, believed));
    }

    private static ModelCharge Doubted(CostActual actual, ChatUsage believed, string words) =>
        new(actual with { InDoubt = true, Disbelieved = words }, believed.Total, words);

    /// <summary>No request has more input tokens than bytes, and no answer more output tokens than were allowed: a count beyond that is an error, or an attempt.</summary>
    private static ChatUsage Believed(ChatRequest request, ChatUsage usage)
    {
        var input = Math.Min(usage.InputTokens, InputBound.Of(request).Total);
        return new ChatUsage(input, Math.Min(usage.CachedInputTokens, input), Math.Min(usage.OutputTokens, request.MaxOutputTokens));
    }

    private static string Words(ChatUsage said, ChatUsage believed) => string.Create(
        CultureInfo.InvariantCulture,
        $"The provider says that it counted {said.InputTokens} input and {said.OutputTokens} output tokens; more than the request can have had. ")
        + string.Create(CultureInfo.InvariantCulture, $"Charged are {believed.InputTokens} and {believed.OutputTokens}, in doubt.");
}
