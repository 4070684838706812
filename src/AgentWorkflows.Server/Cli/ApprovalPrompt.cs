using System.Text.Json;
using AgentWorkflows.Approvals;
using AgentWorkflows.AspNetCore.Approvals;
using AgentWorkflows.Server.Terminal;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.Server.Cli;

/// <summary>Decides the approvals of a session that runs here: by asking, or as <c>--approve</c> says.</summary>
internal sealed class ApprovalPrompt(Screen screen, TimeProvider time, ApprovalService approvals, RunOptions options)
{
    private readonly HashSet<string> _handled = new(StringComparer.Ordinal);

    /// <returns>False: nobody here can decide; the session waits.</returns>
    public async Task<bool> HandleAsync(ApprovalResponse approval, CancellationToken cancellationToken)
    {
        // It stays pending in the view for a moment after it was decided.
        if (!_handled.Add(approval.Id))
        {
            return true;
        }
        if (options.Json)
        {
            screen.Json(new { type = "approval", approval });
        }
        else
        {
            ApprovalView.Write(screen, approval, time.GetUtcNow());
        }
        switch (options.Approve)
        {
            case ApproveMode.Auto:
                await DecideAsync(approval, DecisionKind.Approve, "approved by --approve auto", null, cancellationToken);
                return true;
            case ApproveMode.Deny:
                await DecideAsync(approval, DecisionKind.Reject, "denied by --approve deny", null, cancellationToken);
                return true;
            default:
                var decided = screen.Interactive && !options.Json && await AskAsync(approval, cancellationToken);
                if (!decided)
                {
                    LeaveWaiting(approval);
                }
                return decided;
        }
    }

    /// <returns>False at the end of input.</returns>
    private async Task<bool> AskAsync(ApprovalResponse approval, CancellationToken cancellationToken)
    {
        while (true)
        {
            screen.Line("  y approves, n REASON rejects, e JSON approves with these arguments instead", Styles.Dim);
            screen.Raw("  Approve? ", Styles.Strong);
            if (await screen.ReadLineAsync(cancellationToken) is not { } line)
            {
                return false;
            }
            var (word, rest) = Split(line);
            switch (word)
            {
                case "y" or "yes":
                    if (await DecideAsync(approval, DecisionKind.Approve, null, null, cancellationToken))
                    {
                        return true;
                    }
                    break;
                case "n" or "no":
                    if (await DecideAsync(approval, DecisionKind.Reject, rest.Length > 0 ? rest : null, null, cancellationToken))
                    {
                        return true;
                    }
                    break;
                case "e" or "edit" when TryParse(rest, out var arguments):
                    if (await DecideAsync(approval, DecisionKind.Edit, null, arguments, cancellationToken))
                    {
                        return true;
                    }
                    break;
                case "e" or "edit":
                    screen.Line($"  Give all arguments as one JSON object, such as: e {approval.Arguments.GetRawText()}", Styles.Warning);
                    break;
            }
        }
    }

    /// <returns>False when the request itself was wrong and can be put right.</returns>
    private async Task<bool> DecideAsync(
        ApprovalResponse approval, DecisionKind kind, string? reason, JsonElement? arguments, CancellationToken cancellationToken)
    {
        var result = await approvals.DecideAsync(approval.Id, new DecideRequest
        {
            Decision = kind,
            Approver = options.User,
            Reason = reason,
            Arguments = arguments,
            ArgumentsHash = approval.ArgumentsHash,
            Via = "terminal",
        }, cancellationToken);
        if (options.Json)
        {
            screen.Json(new { type = "decision", id = approval.Id, message = DecisionText.Describe(result) });
        }
        else if (result is not DecideResult.Done { Outcome: DecideOutcome.Decided })
        {
            screen.Line("  " + DecisionText.Describe(result), Styles.Warning);
        }
        return result is not DecideResult.Invalid;
    }

    private void LeaveWaiting(ApprovalResponse approval)
    {
        if (options.Json)
        {
            screen.Json(new { type = "waiting", sessionId = approval.SessionId, approvalId = approval.Id });
            return;
        }
        screen.Line();
        screen.Line("Nobody can be asked here, so the session waits, durably. Decide with");
        screen.Line($"  {screen.Program} approve {approval.Id} --yes{options.DataHint}");
        screen.Line("or, when a server runs on this data folder, with");
        screen.Line($"  POST /api/approvals/{approval.Id}/decision");
        screen.Line("and go on with");
        screen.Line($"  {screen.Program} run --resume {approval.SessionId}{options.DataHint}");
        screen.Line("To approve everything without asking: --approve auto.", Styles.Dim);
    }

    private static (string Word, string Text) Split(string line)
    {
        var parts = line.Trim().Split(' ', 2, StringSplitOptions.TrimEntries);
        return (parts[0].ToLowerInvariant(), parts.Length > 1 ? parts[1] : "");
    }

    private static bool TryParse(string json, out JsonElement arguments)
    {
        try
        {
            arguments = JsonElement.Parse(json);
            return arguments.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            arguments = default;
            return false;
        }
    }
}
