using System.Globalization;
using AgentWorkflows.Agents.Yaml;

namespace AgentWorkflows.Agents;

/// <summary>Reads <c>prices.yaml</c>: one versioned sheet, in USD per million tokens.</summary>
internal static class PriceSheetReader
{
    private const long MaxMicrosPerMillion = 10_000_000_000;

    public static IReadOnlyDictionary<string, ModelPrice> Read(YamlFile file)
    {
        var prices = new Dictionary<string, ModelPrice>(StringComparer.Ordinal);
        if (YamlSection.Root(file)?.Allow("version", "effective", "source", "models") is not { } sheet)
        {
            return prices;
        }
        var version = sheet.RequiredText("version", 64);
        sheet.RequiredText("source");
        var effective = sheet.RequiredText("effective");
        if (effective.Length > 0 && !DateOnly.TryParseExact(effective, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            sheet.Report("effective", $"'{effective}' is not a date. Write it as 2026-11-01.");
        }
        foreach (var (model, section) in sheet.Sections("models"))
        {
            prices[model] = ReadPrice(section, version);
        }
        if (prices.Count == 0)
        {
            sheet.Report("models", "At least one model needs a price.");
        }
        return prices;
    }

    private static ModelPrice ReadPrice(YamlSection section, string version)
    {
        section.Allow("input", "cached_input", "output", "per_call");
        var input = Required(section, "input");
        var cached = section.Has("cached_input") ? Required(section, "cached_input") : input;
        if (cached > input)
        {
            section.Report("cached_input", "Cached input cannot cost more than input.");
        }
        return new ModelPrice
        {
            InputMicrosPerMillion = input,
            CachedInputMicrosPerMillion = cached,
            OutputMicrosPerMillion = Required(section, "output"),
            MicrosPerCall = section.Usd("per_call", 0, MaxMicrosPerMillion) ?? 0,
            SheetVersion = version,
        };
    }

    private static long Required(YamlSection section, string key)
    {
        section.RequiredText(key);
        return section.Usd(key, 1, MaxMicrosPerMillion) ?? 0;
    }
}
