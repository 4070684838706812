using System.Text.Json;

namespace AgentWorkflows.Tools;

/// <summary>
/// A value among a compensation's arguments that stands for something of the action: <c>$arguments.NAME</c>, <c>$result.NAME</c> (dotted for members of members),
/// <c>$idempotencyKey</c>, <c>$outcome</c>. Everything else is a literal. Pure.
/// </summary>
internal abstract record CompensationReference
{
    public const string ArgumentsPrefix = "$arguments.";
    public const string ResultPrefix = "$result.";
    public const string IdempotencyKeyText = "$idempotencyKey";
    public const string OutcomeText = "$outcome";

    /// <summary>For messages.</summary>
    public const string Allowed = ArgumentsPrefix + "NAME, " + ResultPrefix + "NAME, " + IdempotencyKeyText + ", " + OutcomeText;

    public sealed record Argument(string Path) : CompensationReference;

    /// <summary>Not known when a crash cut the action off.</summary>
    public sealed record Result(string Path) : CompensationReference;

    public sealed record IdempotencyKey : CompensationReference;

    /// <summary><c>done</c> or <c>unknown</c>.</summary>
    public sealed record Outcome : CompensationReference;

    /// <summary>It begins like a reference and is none.</summary>
    public sealed record Unknown : CompensationReference;

    /// <returns><c>null</c> for a literal.</returns>
    public static CompensationReference? Of(JsonElement value) => value.ValueKind != JsonValueKind.String ? null : value.GetString() switch
    {
        IdempotencyKeyText => new IdempotencyKey(),
        OutcomeText => new Outcome(),
        { } text when text.StartsWith(ArgumentsPrefix, StringComparison.Ordinal) => new Argument(text[ArgumentsPrefix.Length..]),
        { } text when text.StartsWith(ResultPrefix, StringComparison.Ordinal) => new Result(text[ResultPrefix.Length..]),
        ['$', ..] => new Unknown(),
        _ => null,
    };
}
