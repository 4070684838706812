using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace AgentWorkflows.Tools;

/// <summary>Whether a tool's result can be kept and read: not too large, not too deep, valid Unicode throughout. One pass, without a copy. Pure.</summary>
internal static class ResultCheck
{
    /// <summary>What a model can still read; larger results are refused with advice.</summary>
    public const int MaxBytes = 256 * 1024;
    public const int MaxDepth = 32;

    /// <returns>What is wrong and what to do instead; <c>null</c> when nothing is.</returns>
    public static (string Problem, string Suggestion)? Find(JsonElement result)
    {
        if (result.ValueKind == JsonValueKind.Undefined)
        {
            return ("returned nothing", "Look at what it changed with another tool.");
        }
        var bytes = JsonMarshal.GetRawUtf8Value(result);
        if (bytes.Length > MaxBytes)
        {
            return ($"returned {bytes.Length / 1024} KiB; at most {MaxBytes / 1024} KiB can be read", "Ask for less: narrow the filter or take a page.");
        }
        if (!Utf8.IsValid(bytes) || !IsReadable(bytes, out var tooDeep))
        {
            return ("returned text that is not valid Unicode", "Use another tool, or ask for other fields.");
        }
        return tooDeep ? ($"returned data nested deeper than {MaxDepth} levels", "Ask for less, or use another tool.") : null;
    }

    private static bool IsReadable(ReadOnlySpan<byte> bytes, out bool tooDeep)
    {
        tooDeep = false;
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 1000 });
        try
        {
            while (reader.Read())
            {
                tooDeep |= reader.CurrentDepth > MaxDepth;
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    // Half of a surrogate pair is valid JSON and no text.
                    _ = reader.GetString();
                }
            }
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
        catch (JsonException)
        {
            tooDeep = true;
            return true;
        }
    }
}
