using AgentWorkflows.Tools;

namespace AgentWorkflows.Server.Samples.OrderDesk;

/// <summary>The implementations behind the sample agent <c>order-desk</c>.</summary>
internal static class OrderDeskTools
{
    /// <summary>All tools over one file, which is created and filled with its 200 orders by the first call of any of them.</summary>
    /// <param name="options">Default: as the environment says.</param>
    /// <exception cref="FormatException">An environment variable of <see cref="OrderDeskOptions"/> is malformed or names a tool that does not exist.</exception>
    public static IReadOnlyList<ITool> Create(string databasePath, TimeProvider time, OrderDeskOptions? options = null)
    {
        var database = new OrderDeskDatabase(databasePath);
        ITool[] tools =
        [
            new SearchOrders(database), new GetOrder(database),
            new DraftMessage(database, time), new DeleteDraft(database, time),
            new AddNote(database, time), new DeleteNote(database, time),
            new IssueRefund(database, time), new ReverseRefund(database, time),
            new SendMessage(database, time), new RetractMessage(database, time),
            new CancelOrder(database, time), new RestoreOrder(database, time),
        ];
        var all = WithFaults(new ToolCatalog(tools), options ?? OrderDeskOptions.FromEnvironment(Environment.GetEnvironmentVariable), time);
        return [.. tools.Select(tool => all.Find(tool.Name)!)];
    }

    /// <exception cref="FormatException">The options name a tool that does not exist.</exception>
    public static IToolCatalog WithFaults(IToolCatalog tools, OrderDeskOptions options, TimeProvider time)
    {
        var names = tools.Names;
        if (options.Delays.Keys.Concat(options.Failing).FirstOrDefault(name => !names.Contains(name)) is { } unknown)
        {
            throw new FormatException(
                $"{OrderDeskOptions.DelayVariable} or {OrderDeskOptions.FailVariable}: there is no tool '{unknown}'. Allowed: {string.Join(", ", names)}.");
        }
        return options.Delays.Count + options.Failing.Count == 0 ? tools : new ToolCatalog(names.Select(name => tools.Find(name)!).Select(tool =>
            options.Delays.ContainsKey(tool.Name) || options.Failing.Contains(tool.Name)
                ? new FaultInjectedTool(tool, options.Delays.GetValueOrDefault(tool.Name), options.Failing.Contains(tool.Name), time)
                : tool));
    }
}
