namespace AgentWorkflows.Engine.Replay;

/// <summary>Which instance ids are allowed.</summary>
internal static class InstanceIds
{
    public const int MaxLength = 200;

    public static void Require(string instanceId, string parameter)
    {
        if (string.IsNullOrEmpty(instanceId) || instanceId.Length > MaxLength || !instanceId.All(IsAllowed))
        {
            throw new ArgumentException(
                $"'{instanceId}' is not an instance id: 1 to {MaxLength} letters, digits, '.', '_', '-', ':', '@' or '/' are allowed.", parameter);
        }
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or ':' or '@' or '/';
}
