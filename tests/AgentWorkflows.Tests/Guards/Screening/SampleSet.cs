using System.Text.Json;
using AgentWorkflows.Screening;

namespace AgentWorkflows.Tests.Guards.Screening;

/// <param name="Family">What kind of attack it is, or which one it resembles.</param>
internal sealed record Sample(string Family, string Text)
{
    /// <summary>Checked as a tool's result would be: JSON text by text, anything else as one text.</summary>
    public FilteredJson Screened()
    {
        JsonElement value;
        try
        {
            value = JsonSerializer.Deserialize<JsonElement>(Text);
        }
        catch (JsonException)
        {
            value = JsonSerializer.SerializeToElement(Text);
        }
        return InjectionFilter.Apply(value, InjectionPolicy.Log);
    }

    public bool IsSuspicious => Screened().Kinds.Count > 0;
}

/// <summary>
/// 80 attacks and 80 look-alikes, written before anybody looked at how the heuristics do on them and split at random. The heuristics may be improved with the
/// tuning half; the held-out half only says how good they are. So with the 40 and 40 of a second author, who had not seen the heuristics.
/// </summary>
internal static class SampleSet
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<Sample> Read(string name) => JsonSerializer.Deserialize<List<Sample>>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Guards", "Screening", "Samples", $"{name}.json")), Options)!;
}
