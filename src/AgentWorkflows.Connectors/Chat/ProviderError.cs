using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentWorkflows.Connectors.Chat;

/// <summary>
/// An error as providers write it, in the shapes of OpenAI, Azure, Anthropic, Ollama, FastAPI (vLLM, TGI, LiteLLM), Google and gateways. Its message may quote the prompt:
/// it is looked at, never passed on.
/// </summary>
/// <param name="Code">The provider's own code or type, in its own spelling; only what looks like one.</param>
/// <param name="Parameter">The request's member that is complained of.</param>
internal sealed partial record ProviderError(string? Code, string? Type, string? Parameter, string Message)
{
    private const int MaxMessage = 4000;

    /// <summary>The code of what caused it, where the provider has one, as Azure has.</summary>
    public string? InnerCode { get; init; }

    /// <summary>A status that stands in the body of a response that says all is well.</summary>
    public int? Status { get; init; }

    /// <returns><c>null</c> when the body speaks of no error.</returns>
    public static ProviderError? Read(JsonElement body)
    {
        // Google's answer is a list of one.
        if (body.ValueKind == JsonValueKind.Array)
        {
            return body.GetArrayLength() > 0 && body[0].ValueKind == JsonValueKind.Object ? Read(body[0]) : null;
        }
        if (body.ValueKind != JsonValueKind.Object)
        {
            return null;
        }
        if (Member(body, "error") is { } error)
        {
            return error.ValueKind switch
            {
                JsonValueKind.Object => OfObject(error),
                JsonValueKind.String => Make(Text(body, "code"), Text(body, "type"), null, error.GetString()),
                _ => null,
            };
        }
        if (Member(body, "choices") is { ValueKind: JsonValueKind.Array } choices && choices.GetArrayLength() > 0
            && Member(choices[0], "error") is { ValueKind: JsonValueKind.Object } inside)
        {
            return OfObject(inside);
        }
        if (Member(body, "errors") is { ValueKind: JsonValueKind.Array } several && several.GetArrayLength() > 0)
        {
            return several[0].ValueKind == JsonValueKind.Object ? OfObject(several[0]) : Make(null, null, null, several[0].ToString());
        }
        if (Member(body, "detail") is { } detail)
        {
            return OfDetail(detail);
        }
        return Member(body, "message") is { ValueKind: JsonValueKind.String } || Member(body, "fault") is { ValueKind: JsonValueKind.Object } || Member(body, "error_code") is not null
            ? OfObject(Member(body, "fault") is { ValueKind: JsonValueKind.Object } fault ? fault : body)
            : null;
    }

    private static ProviderError OfObject(JsonElement error)
    {
        var message = Text(error, "message") ?? Text(error, "error_msg") ?? Text(error, "faultstring") ?? Text(error, "error") ?? "";
        var code = Text(error, "code") ?? Text(error, "error_code") ?? Text(error, "statusCode");
        return Make(code, Text(error, "type") ?? Text(error, "status"), Text(error, "param"), message) with
        {
            InnerCode = Member(error, "innererror") is { ValueKind: JsonValueKind.Object } inner ? Shown(Text(inner, "code")) : null,
        };
    }

    /// <summary>FastAPI: a text, or a list of what is wrong, each with the place.</summary>
    private static ProviderError? OfDetail(JsonElement detail)
    {
        if (detail.ValueKind == JsonValueKind.Object)
        {
            return Member(detail, "error") is { ValueKind: JsonValueKind.Object } error ? OfObject(error) : OfObject(detail);
        }
        if (detail is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0 && list[0] is { ValueKind: JsonValueKind.Object } first)
        {
            var place = Member(first, "loc") is { ValueKind: JsonValueKind.Array } loc
                ? loc.EnumerateArray().Where(part => part.ValueKind == JsonValueKind.String).Select(part => part.GetString()!).FirstOrDefault(part => part is not ("body" or "__root__"))
                : null;
            return Make(null, Text(first, "type"), place, Text(first, "msg"));
        }
        return detail.ValueKind == JsonValueKind.String ? Make(null, null, null, detail.GetString()) : null;
    }

    private static ProviderError Make(string? code, string? type, string? parameter, string? message)
    {
        var text = message ?? "";
        return new ProviderError(
            Shown(code), Shown(type), parameter is { Length: > 0 and <= 64 } ? parameter : RefusedParameter.In(text), text.Length <= MaxMessage ? text : text[..MaxMessage])
        {
            Status = int.TryParse(code, out var number) && number is >= 400 and <= 599 ? number : null,
        };
    }

    /// <summary>A code is short and has no blanks; anything else may be a sentence that quotes the prompt.</summary>
    private static string? Shown(string? text) => text is not null && CodeLike().IsMatch(text) ? text : null;

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A text, or a number as one: some codes are numbers.</summary>
    private static string? Text(JsonElement element, string name) => Member(element, name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    [GeneratedRegex(@"^[A-Za-z0-9_.-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex CodeLike();
}
