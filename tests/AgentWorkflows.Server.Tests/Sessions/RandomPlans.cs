using AgentWorkflows.Models.Plans;
using AgentWorkflows.Testing;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>Plans of up to three turns over a few orders of the order desk, some of which cannot work.</summary>
internal static class RandomPlans
{
    public static Plan[] Of(Random random)
    {
        var orders = Enumerable.Range(0, 3).Select(_ => random.Next(1001, 1201)).ToArray();
        var turns = Enumerable.Range(0, random.Next(1, 4))
            .Select(turn => new Plan { Steps = [.. Enumerable.Range(0, random.Next(1, 4)).Select(step => Step(random, $"t{turn}s{step}", orders))] });
        var last = random.Next(3) switch
        {
            0 => new Plan { Steps = [ScriptedChatModel.Step("impossible", "get_order", new { order_id = 1 }, OnFailure.Halt)] },
            1 => new Plan { Steps = [ScriptedChatModel.Step("refused", "cancel_order", new { order_id = orders[0], note = "no such argument" }, OnFailure.Halt)] },
            _ => new Plan { Answer = "Done." },
        };
        return [.. turns, last, new Plan { Answer = "Done all the same." }];
    }

    private static PlanStep Step(Random random, string id, int[] orders)
    {
        var (tool, arguments) = Call(random, orders);
        var onFailure = (OnFailure)random.Next(4);
        var step = ScriptedChatModel.Step(id, tool, arguments, onFailure);
        if (onFailure != OnFailure.Alternative)
        {
            return step;
        }
        var (otherTool, otherArguments) = Call(random, orders);
        return step with { Alternative = new AlternativeCall { Tool = otherTool, Arguments = ScriptedChatModel.Step("x", otherTool, otherArguments).Arguments } };
    }

    private static (string Tool, object Arguments) Call(Random random, int[] orders)
    {
        var order = orders[random.Next(orders.Length)];
        return random.Next(7) switch
        {
            0 => ("get_order", new { order_id = order }),
            1 => ("add_note", new { order_id = order, text = "a note" }),
            2 => ("draft_message", new { order_id = order, subject = "s", body = "b" }),
            3 => ("issue_refund", new { order_id = order, reason = "broken", amount = 0.01m * random.Next(1, 300) }),
            4 => ("issue_refund", new { order_id = order, reason = "all of it" }),
            5 => ("cancel_order", new { order_id = order, reason = "changed their mind" }),
            _ => ("send_message", new { order_id = order, subject = "s", body = "b" }),
        };
    }
}

/// <summary>The shipped agents, with an order desk whose messages nobody can take back.</summary>
internal sealed class IrreversibleMessages : IDisposable
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("agents-");

    public IrreversibleMessages()
    {
        foreach (var file in System.IO.Directory.EnumerateFiles(SessionWorld.ShippedAgents, "*", SearchOption.AllDirectories))
        {
            var path = Path.Combine(_folder.FullName, Path.GetRelativePath(SessionWorld.ShippedAgents, file));
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var text = File.ReadAllText(file);
            var undo = text.IndexOf("    compensation:\n      tool: retract_message", StringComparison.Ordinal);
            File.WriteAllText(path, undo < 0 ? text : text[..undo] + "    irreversible: true\n" + text[text.IndexOf("\n\n", undo, StringComparison.Ordinal)..]);
        }
    }

    public string Directory => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}
