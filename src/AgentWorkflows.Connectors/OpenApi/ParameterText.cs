using System.Text.Json;
using AgentWorkflows.Tools.Sources;
using Microsoft.OpenApi;

namespace AgentWorkflows.Connectors.OpenApi;

/// <summary>Values in paths, queries and headers, in the styles of OpenAPI (RFC 6570). Every value is escaped for its place: none can add a segment, a parameter or a header. Pure.</summary>
internal static class ParameterText
{
    /// <summary>For the place of <c>{name}</c> in a path.</summary>
    /// <exception cref="UnfitValueException">It would change the path around it.</exception>
    public static string Path(ApiParameter parameter, JsonElement value)
    {
        var text = parameter.Style switch
        {
            ParameterStyle.Label => "." + Joined(parameter, value, parameter.Explode ? "." : ",", parameter.Explode ? "=" : ",", Escaped),
            ParameterStyle.Matrix => Matrix(parameter, value),
            _ => Joined(parameter, value, ",", parameter.Explode ? "=" : ",", Escaped),
        };
        // A path's dots are read by clients and servers alike, escaped or not.
        return text.Length == 0 || text is "." or ".."
            ? throw new UnfitValueException(parameter.Argument, text.Length == 0 ? "is empty, and is a part of the path" : $"is '{text}', which would mean another path")
            : text;
    }

    /// <summary>Pairs of a query, escaped.</summary>
    public static IEnumerable<string> Query(ApiParameter parameter, JsonElement value)
    {
        var name = Escaped(parameter.Name);
        if (value.ValueKind == JsonValueKind.Null)
        {
            return [];
        }
        if (parameter.IsJson)
        {
            return [$"{name}={Escaped(value.GetRawText())}"];
        }
        return (value.ValueKind, parameter.Style) switch
        {
            (JsonValueKind.Object, ParameterStyle.DeepObject) => Deep(parameter.Name, value),
            (JsonValueKind.Array, ParameterStyle.DeepObject) => Deep(parameter.Name, value),
            (JsonValueKind.Array, _) when parameter.Explode => value.EnumerateArray().Select(item => $"{name}={Escaped(Text(item))}"),
            (JsonValueKind.Object, _) when parameter.Explode => value.EnumerateObject().Select(member => $"{Escaped(member.Name)}={Escaped(Text(member.Value))}"),
            (JsonValueKind.Array or JsonValueKind.Object, ParameterStyle.SpaceDelimited) => [$"{name}={Joined(parameter, value, "%20", "%20", Escaped)}"],
            (JsonValueKind.Array or JsonValueKind.Object, ParameterStyle.PipeDelimited) => [$"{name}={Joined(parameter, value, "%7C", "%7C", Escaped)}"],
            _ => [$"{name}={Joined(parameter, value, ",", ",", Escaped)}"],
        };
    }

    /// <exception cref="UnfitValueException">It has a line break or another character that no header has.</exception>
    public static string Header(ApiParameter parameter, JsonElement value)
    {
        var text = parameter.IsJson ? value.GetRawText() : Joined(parameter, value, ",", parameter.Explode ? "=" : ",", item => item);
        return HeaderText.IsValue(text) ? text : throw new UnfitValueException(parameter.Argument, "goes into a header, where only visible ASCII characters and spaces may stand");
    }

    /// <summary><c>name[member][0]=value</c>, as deep as it goes.</summary>
    public static IEnumerable<string> Deep(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Deep($"{name}[{member.Name}]", member.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany((item, index) => Deep($"{name}[{index}]", item)),
        JsonValueKind.Null => [],
        _ => [$"{Escaped(name)}={Escaped(Text(value))}"],
    };

    public static string Escaped(string text) => Uri.EscapeDataString(text);

    /// <summary>What is nested in a list or an object has no style of its own: it is written as JSON.</summary>
    public static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    private static string Matrix(ApiParameter parameter, JsonElement value)
    {
        var name = Escaped(parameter.Name);
        return (value.ValueKind, parameter.Explode) switch
        {
            (JsonValueKind.Array, true) => string.Concat(value.EnumerateArray().Select(item => $";{name}={Escaped(Text(item))}")),
            (JsonValueKind.Object, true) => string.Concat(value.EnumerateObject().Select(member => $";{Escaped(member.Name)}={Escaped(Text(member.Value))}")),
            _ => $";{name}={Joined(parameter, value, ",", ",", Escaped)}",
        };
    }

    private static string Joined(ApiParameter parameter, JsonElement value, string between, string afterName, Func<string, string> escape) => value.ValueKind switch
    {
        _ when parameter.IsJson => escape(value.GetRawText()),
        JsonValueKind.Array => string.Join(between, value.EnumerateArray().Select(item => escape(Text(item)))),
        JsonValueKind.Object => string.Join(between, value.EnumerateObject().Select(member => $"{escape(member.Name)}{afterName}{escape(Text(member.Value))}")),
        _ => escape(Text(value)),
    };
}

/// <summary>An argument cannot stand where it would have to.</summary>
internal sealed class UnfitValueException(string argument, string why) : Exception($"'{argument}' {why}.");
