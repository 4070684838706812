using Azure.Data.Tables;

namespace AgentWorkflows.Azure.Tables;

/// <summary>The product's tables in one storage account, under one name prefix. Thread-safe.</summary>
internal sealed class StorageTables
{
    public const string DefaultPrefix = "agentworkflows";
    private const int MaxPrefixLength = 40;

    private readonly TableServiceClient _service;
    private readonly string _prefix;
    private readonly Lock _lock = new();
    private Task? _creating;

    private StorageTables(TableServiceClient service, string prefix)
    {
        _service = service;
        _prefix = prefix;
    }

    /// <summary>Asks the account for nothing: a host starts also while its storage cannot be reached. See <see cref="EnsureAsync"/>.</summary>
    /// <param name="prefix">Of the tables' names: a letter, then letters and digits, at most 40.</param>
    public static StorageTables Of(TableServiceClient service, string prefix)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(prefix);
        return ProblemOf(prefix) is { } problem ? throw new ArgumentException(problem, nameof(prefix)) : new StorageTables(service, prefix);
    }

    /// <returns>What is wrong with a prefix, or <c>null</c>.</returns>
    public static string? ProblemOf(string prefix) => prefix.Length is 0 or > MaxPrefixLength || !char.IsAsciiLetter(prefix[0]) || !prefix.All(char.IsAsciiLetterOrDigit)
        ? $"'{prefix}' is not a table prefix: a letter, then letters and digits, at most {MaxPrefixLength} in all."
        : null;

    /// <summary>As <see cref="Of"/>, with the tables there.</summary>
    public static async Task<StorageTables> OpenAsync(TableServiceClient service, string prefix, CancellationToken cancellationToken)
    {
        var tables = Of(service, prefix);
        await tables.EnsureAsync(cancellationToken);
        return tables;
    }

    /// <summary>
    /// Creates the tables that do not exist yet, once; after a failure the next call tries again. Who comes while somebody tries shares what comes of it, so that nobody waits
    /// in a row while storage cannot be reached. Costs nothing once they are there.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait, not the attempt.</param>
    public Task EnsureAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_creating is null or { IsCompleted: true, IsCompletedSuccessfully: false })
            {
                _creating = Task.WhenAll(Names.Select(name => Open(name).CreateIfNotExistsAsync(CancellationToken.None)));
            }
            return _creating.WaitAsync(cancellationToken);
        }
    }

    internal TableClient Sessions => Open(SessionsName);

    internal TableClient SessionLists => Open(SessionListsName);

    internal TableClient Endings => Open(EndingsName);

    internal TableClient Touches => Open(TouchesName);

    internal TableClient Snapshots => Open(SnapshotsName);

    internal TableClient Approvals => Open(ApprovalsName);

    internal TableClient Ledger => Open(LedgerName);

    internal TableClient DailyClaims => Open(DailyClaimsName);

    private const string SessionsName = "Sessions";
    private const string SessionListsName = "SessionLists";
    private const string EndingsName = "Endings";
    private const string TouchesName = "Touches";
    private const string SnapshotsName = "Snapshots";
    private const string ApprovalsName = "Approvals";
    private const string LedgerName = "Ledger";
    private const string DailyClaimsName = "DailyClaims";

    private static readonly string[] Names = [SessionsName, SessionListsName, EndingsName, TouchesName, SnapshotsName, ApprovalsName, LedgerName, DailyClaimsName];

    private TableClient Open(string name) => _service.GetTableClient(_prefix + name);
}
