using System.Globalization;
using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Costs;
using AgentWorkflows.Words;

namespace AgentWorkflows.Agents;

/// <summary>Reads <c>prices.yaml</c>, in USD per million tokens: one sheet, or several under <c>sheets</c>, each with its version and the day from which it applies.</summary>
internal static class PriceSheetReader
{
    private const long MaxMicrosPerMillion = 10_000_000_000;

    /// <summary>All sheets, one of which is in force; what is wrong is reported.</summary>
    public static PriceSheets Read(YamlFile file, DateTimeOffset now)
    {
        if (YamlSection.Root(file) is not { } root)
        {
            return new PriceSheets([]);
        }
        var sheets = new List<PriceSheet>();
        if (root.Has("sheets"))
        {
            root.Allow("sheets");
            foreach (var section in root.Items("sheets"))
            {
                Add(sheets, section);
            }
        }
        else
        {
            Add(sheets, root);
        }
        var read = new PriceSheets(sheets);
        if (sheets.Count > 0 && read.InForce(now) is null)
        {
            root.Report("No sheet is in force yet; the first begins on "
                + sheets.Min(sheet => sheet.Effective).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + ". Add the one that applies today.");
        }
        return read;
    }

    private static void Add(List<PriceSheet> sheets, YamlSection section)
    {
        var sheet = ReadSheet(section);
        if (sheets.Any(other => other.Version == sheet.Version))
        {
            section.Report("version", $"There are two sheets '{sheet.Version}'. Give each its own version: it is kept on every cost entry.");
        }
        if (sheets.Any(other => other.Effective == sheet.Effective))
        {
            section.Report("effective", "Two sheets begin on this day.");
        }
        sheets.Add(sheet);
    }

    private static PriceSheet ReadSheet(YamlSection section)
    {
        section.Allow("version", "effective", "source", "models");
        var version = section.RequiredText("version", 64);
        section.RequiredText("source");
        var effective = section.RequiredText("effective");
        if (!DateOnly.TryParseExact(effective, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var from) && effective.Length > 0)
        {
            section.Report("effective", $"'{effective}' is not a date. Write it as 2026-11-01.");
        }
        var models = new Dictionary<string, ModelPrice>(StringComparer.Ordinal);
        foreach (var (model, price) in section.Sections("models"))
        {
            models[model] = ReadPrice(price, version);
        }
        if (models.Count == 0)
        {
            section.Report("models", "At least one model needs a price.");
        }
        return new PriceSheet(version, from, models);
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

    private static Micros Required(YamlSection section, string key)
    {
        section.RequiredText(key);
        return section.Usd(key, 1, MaxMicrosPerMillion) ?? 0;
    }
}
