using Azure.Data.Tables;

namespace AgentWorkflows.Azure.Tables;

/// <summary>The product's tables in one storage account, under one name prefix. Thread-safe.</summary>
public sealed class StorageTables : IDisposable
{
    public const string DefaultPrefix = "agentworkflows";
    private const int MaxPrefixLength = 40;

    private readonly TableServiceClient _service;
    private readonly string _prefix;
    private readonly SemaphoreSlim _creating = new(1, 1);
    private volatile bool _exist;

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
        if (prefix.Length is 0 or > MaxPrefixLength || !char.IsAsciiLetter(prefix[0]) || !prefix.All(char.IsAsciiLetterOrDigit))
        {
            throw new ArgumentException(
                $"'{prefix}' is not a table prefix: a letter, then letters and digits, at most {MaxPrefixLength} in all.", nameof(prefix));
        }
        return new StorageTables(service, prefix);
    }

    /// <summary>As <see cref="Of"/>, with the tables there.</summary>
    public static async Task<StorageTables> OpenAsync(TableServiceClient service, string prefix, CancellationToken cancellationToken)
    {
        var tables = Of(service, prefix);
        await tables.EnsureAsync(cancellationToken);
        return tables;
    }

    /// <summary>Creates the tables that do not exist yet, once; after a failure the next call tries again. Costs nothing once they are there.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (_exist)
        {
            return;
        }
        await _creating.WaitAsync(cancellationToken);
        try
        {
            if (!_exist)
            {
                await Task.WhenAll(Names.Select(name => Open(name).CreateIfNotExistsAsync(cancellationToken)));
                _exist = true;
            }
        }
        finally
        {
            _creating.Release();
        }
    }

    public void Dispose() => _creating.Dispose();

    internal TableClient Sessions => Open(SessionsName);

    internal TableClient SessionLists => Open(SessionListsName);

    internal TableClient Endings => Open(EndingsName);

    internal TableClient Touches => Open(TouchesName);

    internal TableClient Snapshots => Open(SnapshotsName);

    internal TableClient Approvals => Open(ApprovalsName);

    internal TableClient Ledger => Open(LedgerName);

    internal TableClient DailyClaims => Open(DailyClaimsName);

    /// <summary>For the sample tools; holds nothing of the product's.</summary>
    public TableClient Sample => Open(SampleName);

    private const string SessionsName = "Sessions";
    private const string SessionListsName = "SessionLists";
    private const string EndingsName = "Endings";
    private const string TouchesName = "Touches";
    private const string SnapshotsName = "Snapshots";
    private const string ApprovalsName = "Approvals";
    private const string LedgerName = "Ledger";
    private const string DailyClaimsName = "DailyClaims";
    private const string SampleName = "Sample";

    private static readonly string[] Names = [SessionsName, SessionListsName, EndingsName, TouchesName, SnapshotsName, ApprovalsName, LedgerName, DailyClaimsName, SampleName];

    private TableClient Open(string name) => _service.GetTableClient(_prefix + name);
}
