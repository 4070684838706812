using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using AgentWorkflows.Models;

namespace AgentWorkflows.Costs;

/// <summary>
/// The most input tokens a provider can bill for a request. Tokenizers of language models are byte-level: no token is shorter than a byte of UTF-8, so a text never
/// has more tokens than bytes. What a provider and its connector put around messages, tools and schemas is covered by a flat amount each.
/// </summary>
internal sealed class InputBound
{
    /// <summary>Around the whole request.</summary>
    public const int PerRequest = 256;

    /// <summary>Role, separators and the label a connector may put before the content of one message.</summary>
    public const int PerMessage = 64;

    /// <summary>One request is asked about before it is sent, when its answer is charged, and when the bound is calibrated.</summary>
    private static readonly ConditionalWeakTable<ChatRequest, InputBound> Known = [];

    private readonly byte[][] _prefixes;
    private readonly int[] _messages;

    private InputBound(byte[][] prefixes, int[] messages, int fixedPart) => (_prefixes, _messages, Fixed) = (prefixes, messages, fixedPart);

    /// <summary>Tools, schema and frame: sent with every request of the same kind.</summary>
    public int Fixed { get; }

    public int Messages => _messages.Length;

    public int Total => AfterPrefix(0) + Fixed;

    public static InputBound Of(ChatRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Known.GetValue(request, static asked => Make(asked));
    }

    private static InputBound Make(ChatRequest request)
    {
        var frame = RequestFrame.Of(request);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Deployment}\n"));
        hash.AppendData(frame.Digest);
        var prefixes = new byte[request.Messages.Count + 1][];
        var messages = new int[request.Messages.Count];
        prefixes[0] = hash.GetCurrentHash();
        for (var i = 0; i < messages.Length; i++)
        {
            var content = Encoding.UTF8.GetBytes(request.Messages[i].Content);
            hash.AppendData([(byte)request.Messages[i].Role, .. BitConverter.GetBytes(content.Length)]);
            hash.AppendData(content);
            prefixes[i + 1] = hash.GetCurrentHash();
            messages[i] = content.Length + PerMessage;
        }
        // A schema may be rewritten into another notation by the provider.
        return new InputBound(prefixes, messages, PerRequest + frame.ToolBytes + (2 * frame.SchemaBytes));
    }

    /// <summary>Names the deployment, tools, schema and the first messages, to the byte.</summary>
    public string Prefix(int messages) => Convert.ToBase64String(_prefixes[messages]);

    public int AfterPrefix(int messages) => _messages.Skip(messages).Sum();
}
