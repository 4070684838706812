using System.Threading.Channels;
using AgentWorkflows.Approvals;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>Approvals in the order in which they were asked for, each once.</summary>
internal sealed class ApprovalSignals
{
    private readonly Channel<ApprovalRequest> _asked = Channel.CreateUnbounded<ApprovalRequest>();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public void Add(ApprovalRequest request)
    {
        lock (_seen)
        {
            if (_seen.Add(request.Id))
            {
                _asked.Writer.TryWrite(request);
            }
        }
    }

    /// <summary>Completes as soon as there is one to take.</summary>
    public Task<bool> AnyAsync() => _asked.Reader.WaitToReadAsync().AsTask();

    public async Task<ApprovalRequest> NextAsync() => await _asked.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
}

/// <summary>Tells a test when a request has been stored, so that it need not look again and again.</summary>
internal sealed class SignallingApprovalStore(IApprovalStore inner, ApprovalSignals signals) : IApprovalStore
{
    public async Task<ApprovalRequest> CreateAsync(ApprovalRequest request, CancellationToken cancellationToken)
    {
        var stored = await inner.CreateAsync(request, cancellationToken);
        signals.Add(stored);
        return stored;
    }

    public Task<ApprovalRequest?> GetAsync(string approvalId, CancellationToken cancellationToken) => inner.GetAsync(approvalId, cancellationToken);

    public Task<IReadOnlyList<ApprovalRequest>> ListAsync(ApprovalQuery query, CancellationToken cancellationToken) =>
        inner.ListAsync(query, cancellationToken);

    public Task<ApprovalRequest?> PutNoticesAsync(string approvalId, IReadOnlyList<ApprovalNotice> notices, CancellationToken cancellationToken) =>
        inner.PutNoticesAsync(approvalId, notices, cancellationToken);

    public Task<DecideOutcome> DecideAsync(string approvalId, ApprovalDecision decision, CancellationToken cancellationToken) =>
        inner.DecideAsync(approvalId, decision, cancellationToken);

    public Task<IReadOnlyList<UndeliveredDecision>> ListUndeliveredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        inner.ListUndeliveredAsync(now, limit, cancellationToken);

    public Task PutOffDeliveryAsync(string approvalId, DecisionTold told, CancellationToken cancellationToken) =>
        inner.PutOffDeliveryAsync(approvalId, told, cancellationToken);

    public Task MarkDeliveredAsync(string approvalId, CancellationToken cancellationToken) => inner.MarkDeliveredAsync(approvalId, cancellationToken);
}
