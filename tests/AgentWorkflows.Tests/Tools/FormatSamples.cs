namespace AgentWorkflows.Tests.Tools;

/// <summary>Text that has a format, with up to two characters changed.</summary>
internal static class FormatSamples
{
    private const string Others = "0129-:TZ.@/ +aß";

    private static readonly Dictionary<string, string[]> Right = new(StringComparer.Ordinal)
    {
        ["date"] = ["2026-02-28", "2024-02-29", "0001-01-01"],
        ["date-time"] = ["2026-02-28T10:00:00Z", "2026-02-28T23:59:59.123+02:00", "2026-12-31T23:59:60Z"],
        ["uuid"] = ["123e4567-e89b-12d3-a456-426614174000", "00000000-0000-0000-0000-000000000000"],
    };

    public static string Near(string format, Random random)
    {
        var text = Right[format][random.Next(Right[format].Length)].ToCharArray();
        for (var left = random.Next(3); left > 0; left--)
        {
            text[random.Next(text.Length)] = Others[random.Next(Others.Length)];
        }
        return new string(text);
    }
}
