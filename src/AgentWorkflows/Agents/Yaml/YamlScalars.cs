using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentWorkflows.Agents.Schema;
using AgentWorkflows.Words;
using YamlDotNet.RepresentationModel;

namespace AgentWorkflows.Agents.Yaml;

/// <summary>Typed values of a section. Each reports what is wrong and what is allowed, and answers the default then.</summary>
internal static partial class YamlScalars
{

    public static string? Text(this YamlSection section, string key, int maxLength = 4000)
    {
        section.Shape?.Value(key, ValueSchemas.Text(maxLength), isText: true);
        switch (section.Find(key))
        {
            case null:
                return null;
            case YamlScalarNode { Value: { } text } when text.Length <= maxLength:
                return text.Trim();
            case YamlScalarNode { Value: { } text }:
                section.Report(key, $"The text has {text.Length} characters. Allowed: at most {maxLength}.");
                return null;
            default:
                section.Report(key, "This must be text.");
                return null;
        }
    }

    public static string RequiredText(this YamlSection section, string key, int maxLength = 4000)
    {
        if (!section.Has(key))
        {
            section.Report(key, "This key is required.");
        }
        return section.Text(key, maxLength) ?? "";
    }

    public static IReadOnlyList<string> Texts(this YamlSection section, string key) => section.Texts(key, oftenToo: false, ValueSchemas.Text(4000));

    /// <summary>Texts, numbers and flags, as they are written.</summary>
    public static IReadOnlyList<string> Scalars(this YamlSection section, string key) => section.Texts(key, oftenToo: false, ValueSchemas.Scalar());

    /// <summary>A list in which a text may come twice, such as the arguments of a program.</summary>
    public static IReadOnlyList<string> Repeatable(this YamlSection section, string key) => section.Texts(key, oftenToo: true, ValueSchemas.Text(4000));

    private static List<string> Texts(this YamlSection section, string key, bool oftenToo, JsonObject schema)
    {
        if (section.Shape is { } shape)
        {
            shape.ItemOf(key);
            shape.Value(key, schema, isText: true);
            return [Shape.AnyName];
        }
        var texts = new List<string>();
        foreach (var node in section.Nodes(key))
        {
            if (node is not YamlScalarNode { Value: { Length: > 0 } text })
            {
                section.Report(key, "Every item must be text.");
            }
            else if (!oftenToo && texts.Contains(text))
            {
                section.Report(key, $"'{text}' is listed twice.");
            }
            else
            {
                texts.Add(text);
            }
        }
        return texts;
    }

    public static bool Flag(this YamlSection section, string key, bool otherwise)
    {
        section.Shape?.Value(key, ValueSchemas.Flag(otherwise));
        switch (section.Text(key))
        {
            case null:
                return otherwise;
            case "true":
                return true;
            case "false":
                return false;
            case var text:
                section.Report(key, $"'{text}' is not a yes or no. Allowed: true, false.");
                return otherwise;
        }
    }

    public static int? Integer(this YamlSection section, string key, int min, int max)
    {
        section.Shape?.Value(key, ValueSchemas.Integer(min, max));
        if (section.Text(key) is not { } text)
        {
            return null;
        }
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
        {
            return value;
        }
        section.Report(key, $"'{text}' is out of range. Allowed: whole numbers from {Show(min)} to {Show(max)}.");
        return null;
    }

    /// <param name="orWord">What else is allowed, for the message.</param>
    public static double? Number(this YamlSection section, string key, double min, double max, string? orWord = null)
    {
        section.Shape?.Value(key, ValueSchemas.Number((decimal)min, (decimal)max));
        if (section.Text(key) is not { } text)
        {
            return null;
        }
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
        {
            return value;
        }
        section.Report(key, $"'{text}' is out of range. Allowed: numbers from {Show(min)} to {Show(max)}{(orWord is null ? "" : $", or {orWord}")}.");
        return null;
    }

    /// <summary>An amount in USD as micro-USD, exactly.</summary>
    public static Micros? Usd(this YamlSection section, string key, Micros minMicros, Micros maxMicros)
    {
        section.Shape?.Value(key, ValueSchemas.Number(minMicros.Usd, maxMicros.Usd));
        if (section.Text(key) is not { } text)
        {
            return null;
        }
        var allowed = $"Allowed: USD from {Usd(minMicros)} to {Usd(maxMicros)}, with at most six decimals.";
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var usd) || usd > Micros.MaxValue.Usd)
        {
            section.Report(key, $"'{text}' is not an amount. {allowed}");
            return null;
        }
        var micros = Micros.OfUsd(usd);
        if (micros.Usd != usd || micros < minMicros || micros > maxMicros)
        {
            section.Report(key, $"'{text}' is out of range. {allowed}");
            return null;
        }
        return micros;
    }

    public static TimeSpan? Duration(this YamlSection section, string key, TimeSpan min, TimeSpan max)
    {
        section.Shape?.Value(key, ValueSchemas.Duration(Show(min), Show(max)));
        return section.Text(key) is { } text ? section.Duration(key, text, min, max) : null;
    }

    public static TimeSpan? Duration(this YamlSection section, string key, string text, TimeSpan min, TimeSpan max)
    {
        section.Shape?.Value(key, ValueSchemas.Duration(Show(min), Show(max)));
        if (!TryParseDuration(text, out var value))
        {
            section.Report(key, $"'{text}' is not a duration. Write a whole number and a unit: 500ms, 10s, 5m, 24h or 7d.");
            return null;
        }
        if (value < min || value > max)
        {
            section.Report(key, $"'{text}' is out of range. Allowed: {Show(min)} to {Show(max)}.");
            return null;
        }
        return value;
    }

    public static TEnum? Choice<TEnum>(this YamlSection section, string key, string noun)
        where TEnum : struct, Enum
    {
        section.Shape?.Value(key, ValueSchemas.Choice(Enum.GetValues<TEnum>().Select(SnakeCase.Of)));
        return section.Text(key) is { } text ? section.Choice<TEnum>(key, noun, text) : null;
    }

    public static TEnum? Choice<TEnum>(this YamlSection section, string key, string noun, string text)
        where TEnum : struct, Enum
    {
        section.Shape?.Value(key, ValueSchemas.Choice(Enum.GetValues<TEnum>().Select(SnakeCase.Of)));
        foreach (var value in Enum.GetValues<TEnum>())
        {
            if (SnakeCase.Of(value) == text)
            {
                return value;
            }
        }
        section.Report(key, $"'{text}' is not {noun}. Allowed: {string.Join(", ", Enum.GetValues<TEnum>().Select(SnakeCase.Of))}.");
        return null;
    }

    /// <summary>A list of choices; none when the key is absent.</summary>
    public static IReadOnlyList<TEnum> Choices<TEnum>(this YamlSection section, string key, string noun)
        where TEnum : struct, Enum =>
        [.. section.Texts(key).Select(text => section.Choice<TEnum>(key, noun, text)).OfType<TEnum>()];

    private static bool TryParseDuration(string text, out TimeSpan value)
    {
        value = default;
        if (DurationPattern().Match(text) is not { Success: true } match)
        {
            return false;
        }
        var count = int.Parse(match.Groups["count"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        value = match.Groups["unit"].Value switch
        {
            "ms" => TimeSpan.FromMilliseconds(count),
            "s" => TimeSpan.FromSeconds(count),
            "m" => TimeSpan.FromMinutes(count),
            "h" => TimeSpan.FromHours(count),
            _ => TimeSpan.FromDays(count),
        };
        return true;
    }

    private static string Show(IFormattable number) => number.ToString("#,0.###", CultureInfo.InvariantCulture);

    private static string Usd(Micros micros) => micros.Usd.ToString("#,0.######", CultureInfo.InvariantCulture);

    private static string Show(TimeSpan value) => value switch
    {
        { TotalDays: >= 1 } when value.Ticks % TimeSpan.TicksPerDay == 0 => $"{value.TotalDays}d",
        { TotalHours: >= 1 } when value.Ticks % TimeSpan.TicksPerHour == 0 => $"{value.TotalHours}h",
        { TotalMinutes: >= 1 } when value.Ticks % TimeSpan.TicksPerMinute == 0 => $"{value.TotalMinutes}m",
        { TotalSeconds: >= 1 } when value.Ticks % TimeSpan.TicksPerSecond == 0 => $"{value.TotalSeconds}s",
        _ => $"{value.TotalMilliseconds}ms",
    };

    [GeneratedRegex(@"^(?<count>[0-9]{1,7})(?<unit>ms|s|m|h|d)\z")]
    private static partial Regex DurationPattern();
}
