using System.Text.Json;

namespace AgentWorkflows.Tools.Sources;

/// <summary>
/// Whether the templates of an HTTP tool can be filled whatever the arguments are. <c>{name}</c> stands for an argument in path, query, headers and texts of the body. Pure.
/// </summary>
internal static class HttpTemplateRules
{
    /// <returns>The key, and what is wrong with it.</returns>
    public static IEnumerable<(string Key, string Problem)> FindProblems(HttpToolSettings settings)
    {
        var known = ToolSchema.Properties(settings.Arguments);
        var required = ToolSchema.Required(settings.Arguments);
        var places = new List<(string Key, string Text)> { ("url", settings.Url) };
        places.AddRange(settings.Headers.Values.Select(value => ("headers", value)));
        places.AddRange(settings.Body is { } body ? Texts(body).Select(text => ("body", text)) : []);
        foreach (var (key, name) in places.SelectMany(place => TemplateText.Names(place.Text).Select(name => (place.Key, name))).Distinct())
        {
            if (!known.Contains(name))
            {
                yield return (key, $"There is no argument '{name}'. The arguments: {(known.Count == 0 ? "none" : string.Join(", ", known))}. A brace that is none is written twice: {{{{.");
            }
        }
        var origin = TemplateText.OriginOf(settings.Url);
        if (origin is null || TemplateText.Names(origin).Any() || !Uri.TryCreate(origin, UriKind.Absolute, out var address) || address is not { UserInfo.Length: 0 })
        {
            yield return ("url", $"'{settings.Url}' is not an address. It begins with http:// or https:// and a host without arguments and without a user; arguments may stand in path and query.");
        }
        if (settings.Url.Contains('#', StringComparison.Ordinal))
        {
            yield return ("url", "An address that is called has no fragment ('#').");
        }
        foreach (var name in TemplateText.Names(settings.Url.Split('?')[0]).Where(name => known.Contains(name) && !required.Contains(name)).Distinct())
        {
            yield return ("url", $"'{name}' stands in the path and may be left out. List it under 'required' of the arguments.");
        }
        var used = places.SelectMany(place => TemplateText.Names(place.Text)).ToHashSet(StringComparer.Ordinal);
        foreach (var name in known.Where(name => !used.Contains(name)))
        {
            yield return ("arguments", $"'{name}' stands nowhere in url, headers and body. Use it as {{{name}}}, or remove it.");
        }
    }

    /// <summary>Every text of a body.</summary>
    public static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Texts(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
        JsonValueKind.String => [value.GetString()!],
        _ => [],
    };
}
