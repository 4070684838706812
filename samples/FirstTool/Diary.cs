using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using AgentWorkflows.Server;
using AgentWorkflows.Tools;

namespace FirstTool;

/// <summary>A diary: a file for each entry.</summary>
public sealed class Diary(DataFolder data)
{
    [Tool("Writes an entry into the diary.", ToolTier.WriteRisky, Owner = "diary", Idempotent = true, SideEffects = ["diary.write"])]
    [CompensatedBy("tear_out", "Delete the entry's file.", "action_key=$idempotencyKey")]
    public Entry WriteEntry([Description("What to write."), StringLength(1000, MinimumLength = 1)] string text, ToolInvocation invocation)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        // The key is the same whenever this call is made again, after a crash too: it writes the same file.
        File.WriteAllText(FileOf(invocation.IdempotencyKey), text);
        return new Entry(text);
    }

    [Tool("Tears out the entry that a call wrote.", ToolTier.WriteSafe, Owner = "diary", Idempotent = true, SideEffects = ["diary.write"], Offered = false)]
    public string TearOut(string actionKey)
    {
        File.Delete(FileOf(actionKey));
        return "torn out";
    }

    private string FileOf(string key)
    {
        var diary = Directory.CreateDirectory(Path.Combine(data.FullPath, "diary"));
        return Path.Combine(diary.FullName, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..16] + ".txt");
    }
}

public sealed record Entry(string Text);
