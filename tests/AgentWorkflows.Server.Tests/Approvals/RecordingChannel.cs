using System.Threading.Channels;
using AgentWorkflows.Approvals;

namespace AgentWorkflows.Server.Tests.Approvals;

/// <summary>A channel that keeps what it is given, or fails as a test says.</summary>
internal sealed class RecordingChannel(Func<ApprovalMessage, DeliveryResult>? answer = null) : IApprovalChannel
{
    private readonly Channel<ApprovalMessage> _delivered = Channel.CreateUnbounded<ApprovalMessage>();
    private int _attempts;

    public string Name => "recording";

    public int Attempts => Volatile.Read(ref _attempts);

    public IReadOnlyList<string> RecipientsAmong(IReadOnlyList<string> approvers) => approvers.Count > 0 ? approvers : ["somebody"];

    public Task<DeliveryResult> SendAsync(ApprovalMessage message, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _attempts);
        var result = answer?.Invoke(message) ?? new DeliveryResult.Delivered();
        if (result is DeliveryResult.Delivered)
        {
            _delivered.Writer.TryWrite(message);
        }
        return Task.FromResult(result);
    }

    public async Task<ApprovalMessage> NextAsync() => await _delivered.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public bool HasMore => _delivered.Reader.TryPeek(out _);
}
