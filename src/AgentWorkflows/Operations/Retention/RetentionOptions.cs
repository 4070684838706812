using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace AgentWorkflows.Operations.Retention;

/// <summary>The configuration's section <c>Retention</c>, in days: how long data is kept, by kind. 1 to 3,650, default 30.</summary>
internal sealed record RetentionOptions
{
    public const string Section = "Retention";
    private const int MaxDays = 3650;

    /// <summary>
    /// Sessions that have ended, since their last change: with documents, timeline and the history of their orchestration. Their agent's rollback
    /// retention counts when it is longer.
    /// </summary>
    public TimeSpan Sessions { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// Documents of sessions that have ended: plans, arguments, results, transcripts. Counts where it is shorter than that of sessions.
    /// </summary>
    public TimeSpan Documents { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Cost entries, since their reservation.</summary>
    public TimeSpan Ledger { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Approval requests and their decisions, since the request.</summary>
    public TimeSpan Approvals { get; init; } = TimeSpan.FromDays(30);

    public static (RetentionOptions Options, IReadOnlyList<string> Problems) Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection(Section);
        var problems = new List<string>();
        TimeSpan Days(string key, TimeSpan otherwise)
        {
            if (section[key] is not { } text)
            {
                return otherwise;
            }
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is >= 1 and <= MaxDays)
            {
                return TimeSpan.FromDays(days);
            }
            problems.Add($"{Section}:{key} is '{text}'. It must be days from 1 to {MaxDays}, such as 30.");
            return otherwise;
        }
        var standard = new RetentionOptions();
        var options = new RetentionOptions
        {
            Sessions = Days("SessionsDays", standard.Sessions),
            Documents = Days("DocumentsDays", standard.Documents),
            Ledger = Days("LedgerDays", standard.Ledger),
            Approvals = Days("ApprovalsDays", standard.Approvals),
        };
        foreach (var other in section.GetChildren().Where(child => child.Key is not ("SessionsDays" or "DocumentsDays" or "LedgerDays" or "ApprovalsDays")))
        {
            problems.Add($"{other.Path}: there is no such setting. Allowed: SessionsDays, DocumentsDays, LedgerDays, ApprovalsDays.");
        }
        return (options, problems);
    }
}
