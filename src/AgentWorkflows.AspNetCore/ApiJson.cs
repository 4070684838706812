using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AgentWorkflows.Words;

namespace AgentWorkflows.AspNetCore;

/// <summary>How the API writes JSON: camelCase, statuses by their names, absent values as <c>null</c>.</summary>
internal static class ApiJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Micro-USD as US dollars with exactly six decimals: 1,250 is 0.001250.</summary>
    public static decimal Usd(Micros micros) => micros.UsdInFull;

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            // Answers are served as JSON with nosniff, never inside HTML, so text stays readable.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            NumberHandling = JsonNumberHandling.Strict,
        };
        options.Converters.Add(new JsonStringEnumConverter());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
