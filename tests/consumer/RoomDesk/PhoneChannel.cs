using AgentWorkflows.Approvals;
using AgentWorkflows.Server;

namespace RoomDesk;

/// <summary>Calls somebody: here it writes down whom, and what about.</summary>
public sealed class PhoneChannel(DataFolder data) : IApprovalChannel
{
    public string Name => "phone";

    public IReadOnlyList<string> RecipientsAmong(IReadOnlyList<string> approvers) => [""];

    public async Task<DeliveryResult> SendAsync(ApprovalMessage message, CancellationToken cancellationToken)
    {
        await File.AppendAllTextAsync(Path.Combine(data.FullPath, "phone.txt"), $"{message.Notice.Kind}: {message.Request.Tool}\n", cancellationToken);
        return new DeliveryResult.Delivered();
    }
}
