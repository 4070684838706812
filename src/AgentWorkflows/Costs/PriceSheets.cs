using System.Globalization;

namespace AgentWorkflows.Costs;

/// <param name="Effective">The first day, UTC, on which it applies.</param>
internal sealed record PriceSheet(string Version, DateOnly Effective, IReadOnlyDictionary<string, ModelPrice> Models);

/// <summary>All sheets of <c>prices.yaml</c>. Pure: the same day has the same prices, whenever it is asked.</summary>
internal sealed class PriceSheets(IEnumerable<PriceSheet> sheets)
{
    private readonly PriceSheet[] _latestFirst = [.. sheets.OrderByDescending(sheet => sheet.Effective)];

    public IReadOnlyList<PriceSheet> All => _latestFirst;

    /// <summary>The latest sheet that is effective then; <c>null</c> before the first.</summary>
    public PriceSheet? InForce(DateTimeOffset now)
    {
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        return _latestFirst.FirstOrDefault(sheet => sheet.Effective <= day);
    }

    /// <summary>Why a model cannot be used, and what to do.</summary>
    public static string Unpriced(string model, IReadOnlyDictionary<string, ModelPrice> prices)
    {
        ArgumentNullException.ThrowIfNull(prices);
        var known = prices.Count == 0 ? "none" : string.Join(", ", prices.Keys.Order(StringComparer.Ordinal));
        return string.Create(CultureInfo.InvariantCulture,
            $"Model '{model}' has no price in the price sheet; a call without a price is not made. Add it to prices.yaml (input, cached_input, output, in USD per million tokens), or route to one that has a price: {known}.");
    }
}
