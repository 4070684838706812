using System.Collections.Frozen;
using System.Text.Json;

namespace AgentWorkflows.Words;

/// <summary>How values of enums, and names in code, are written outside: in YAML, in the timeline, in telemetry, to models. Made once for each enum. Thread-safe.</summary>
internal static class SnakeCase
{
    /// <summary>What a value becomes that its enum does not name.</summary>
    public const string Unknown = "_OTHER";

    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum => Names<TEnum>.ByValue.GetValueOrDefault(value, Unknown);

    /// <summary>A name in code, such as <c>GetOrder</c>.</summary>
    public static string Of(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static class Names<TEnum>
        where TEnum : struct, Enum
    {
        public static readonly FrozenDictionary<TEnum, string> ByValue =
            Enum.GetValues<TEnum>().ToFrozenDictionary(value => value, value => Of(value.ToString()));
    }
}
