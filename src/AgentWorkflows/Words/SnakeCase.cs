using System.Collections.Frozen;
using System.Text.Json;
using AgentWorkflows.Telemetry;

namespace AgentWorkflows.Words;

/// <summary>An enum's values as telemetry writes them, made once.</summary>
internal static class SnakeCase<TEnum>
    where TEnum : struct, Enum
{
    private static readonly FrozenDictionary<TEnum, string> Names =
        Enum.GetValues<TEnum>().ToFrozenDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

    public static string Of(TEnum value) => Names.GetValueOrDefault(value, BoundedNames.Other);
}
