using System.Text.Json;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using AgentWorkflows.Durability;
using AgentWorkflows.Words;

namespace AgentWorkflows.Models.Plans;

/// <summary>What a model's text came to.</summary>
internal abstract record ParsedPlan
{
    public sealed record Valid(Plan Plan) : ParsedPlan;

    /// <param name="Problem">Written for the model, so that it can repair its answer.</param>
    public sealed record Invalid(string Problem) : ParsedPlan;
}

/// <summary>Reads a plan strictly: unknown members, wrong types, missing parts and doubled ids are refused. Pure.</summary>
internal static partial class PlanParser
{
    public const int MaxTextLength = 256 * 1024;
    public const int MaxSteps = 20;

    private static readonly JsonSerializerOptions Strict = new(DurableJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        MaxDepth = 24,
    };

    /// <summary>The schema a model must follow.</summary>
    public static JsonElement Schema { get; } = JsonSerializer.SerializeToElement(
        Strict.GetJsonSchemaAsNode(typeof(Plan), new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true }));

    public static ParsedPlan Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxTextLength)
        {
            return new ParsedPlan.Invalid($"The answer has {text.Length} characters; at most {MaxTextLength} are allowed.");
        }
        try
        {
            var (named, problem) = NamedCalls.Read(WithoutFence(text));
            if (problem is not null)
            {
                return new ParsedPlan.Invalid($"The answer is not a plan of the given schema. {problem}");
            }
            var plan = JsonSerializer.Deserialize<Plan>(named, Strict);
            return plan is null ? new ParsedPlan.Invalid("The answer is null; give a plan object.") : Check(plan);
        }
        catch (JsonException e)
        {
            return new ParsedPlan.Invalid($"The answer is not a plan of the given schema. {PlanProblem.Of(e, Schema)}");
        }
    }

    /// <summary>Endpoints that do not enforce a schema often put a code fence around the object; nothing else around it is passed over.</summary>
    private static string WithoutFence(string text) => Fence().Match(text) is { Success: true } fenced ? fenced.Groups[1].Value : text;

    private static ParsedPlan Check(Plan plan)
    {
        var problem = plan switch
        {
            { Answer: null, Steps.Count: 0 } => "Give either steps or an answer; both are missing.",
            { Answer: not null, Steps.Count: > 0 } => "Give either steps or an answer, not both.",
            { Answer: { } answer } when !PersonName.ShowsSomething(answer) => "The answer is empty.",
            { Steps.Count: > MaxSteps } => $"The plan has {plan.Steps.Count} steps; at most {MaxSteps} are allowed.",
            _ when ReliedFacts.ProblemOf(plan.ReliesOn) is { } facts => facts,
            _ => plan.Steps.Select(Problem).FirstOrDefault(found => found is not null),
        };
        problem ??= plan.Steps.GroupBy(step => step.Id, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } doubled
            ? $"Two steps have the id '{doubled.Key}'; ids are unique in a plan."
            : null;
        return problem is null ? new ParsedPlan.Valid(plan) : new ParsedPlan.Invalid(problem);
    }

    private static string? Problem(PlanStep step)
    {
        if (!StepId().IsMatch(step.Id))
        {
            return $"'{(step.Id.Length <= 60 ? step.Id : step.Id[..60])}' is not a step id: 1 to 40 of a-z, 0-9, _ and - are allowed.";
        }
        if (step.Arguments.ValueKind != JsonValueKind.Object)
        {
            return $"The arguments of step '{step.Id}' must be an object.";
        }
        return step switch
        {
            { TimeBudgetSeconds: <= 0 } => $"The time budget of step '{step.Id}' must be more than zero.",
            { OnFailure: OnFailure.Alternative, Alternative: null } => $"Step '{step.Id}' says onFailure alternative but gives none.",
            _ => null,
        };
    }

    [GeneratedRegex(@"^\s*```(?:json)?\s*\n(.*)\n\s*```\s*$", RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^[a-z0-9_-]{1,40}\z", RegexOptions.CultureInvariant)]
    private static partial Regex StepId();
}
