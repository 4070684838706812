using AgentWorkflows.Models;
using AgentWorkflows.Words;

namespace AgentWorkflows.Costs;

/// <summary>
/// What calls cost, in micro-USD integers. Pure, exact, overflow-checked. Cost of a call:
/// <c>per call + ⌈((input − cached) × input price + cached × cached price + output × output price) ÷ 1,000,000⌉</c>, prices in micro-USD per million tokens.
/// </summary>
internal static class Pricing
{
    private const int TokensPerPrice = 1_000_000;

    /// <summary>The price of a deployment by its full name, such as <c>west/gpt-4.1</c>, else by what follows the name of its endpoint.</summary>
    public static ModelPrice? Find(IReadOnlyDictionary<string, ModelPrice> prices, string deployment)
    {
        ArgumentNullException.ThrowIfNull(prices);
        ArgumentNullException.ThrowIfNull(deployment);
        return prices.TryGetValue(deployment, out var price) ? price
            : deployment.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? prices.GetValueOrDefault(deployment[(slash + 1)..])
            : null;
    }

    public static Micros Cost(ModelPrice price, ChatUsage usage)
    {
        ArgumentNullException.ThrowIfNull(price);
        ArgumentNullException.ThrowIfNull(usage);
        if (usage.InputTokens < 0 || usage.OutputTokens < 0 || usage.CachedInputTokens < 0 || usage.CachedInputTokens > usage.InputTokens)
        {
            throw new ArgumentOutOfRangeException(nameof(usage), usage, "Token counts must be zero or more, and cached input at most the input.");
        }
        var parts = ((Int128)(usage.InputTokens - usage.CachedInputTokens) * price.InputMicrosPerMillion.Value)
            + ((Int128)usage.CachedInputTokens * price.CachedInputMicrosPerMillion.Value)
            + ((Int128)usage.OutputTokens * price.OutputMicrosPerMillion.Value);
        return checked((long)((parts + TokensPerPrice - 1) / TokensPerPrice) + price.MicrosPerCall.Value);
    }

    /// <summary>What an answered call is charged. A provider that reports no usage, or one that cannot be, has billed all the same: then it is the reservation, in doubt.</summary>
    public static CostActual Actual(ModelPrice price, ChatUsage usage, Micros reservedMicros)
    {
        ArgumentNullException.ThrowIfNull(price);
        ArgumentNullException.ThrowIfNull(usage);
        var units = new UnitPrices(price.InputMicrosPerMillion, price.CachedInputMicrosPerMillion, price.OutputMicrosPerMillion, price.MicrosPerCall);
        return usage.IsKnown
            ? new CostActual(Cost(price, usage))
            {
                InputTokens = usage.InputTokens,
                CachedInputTokens = usage.CachedInputTokens,
                OutputTokens = usage.OutputTokens,
                PriceSheetVersion = price.SheetVersion,
                Prices = units,
            }
            : new CostActual(reservedMicros) { InDoubt = true, PriceSheetVersion = price.SheetVersion, Prices = units };
    }

    /// <summary>The most a call can cost: nothing cached, every allowed output token used.</summary>
    public static Micros WorstCase(ModelPrice price, int inputTokens, int maxOutputTokens) => Cost(price, new ChatUsage(inputTokens, 0, maxOutputTokens));
}
