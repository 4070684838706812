using System.Runtime.InteropServices;
using System.Text;

namespace AgentWorkflows.Agents.Yaml;

/// <summary>The text of a file that a person wrote, or why it cannot be had: told as a sentence, whatever stands at that place.</summary>
internal abstract record FileText
{
    private FileText()
    {
    }

    public sealed record Read(string Text) : FileText;

    /// <param name="Line">From 1; the first where the whole file is meant.</param>
    /// <param name="Problem">What is wrong and what to do, without the file's name.</param>
    public sealed record Unreadable(string Problem, int Line = 1) : FileText;

    /// <summary>UTF-8, or what a byte order mark says.</summary>
    public static FileText Of(string path, int maxBytes)
    {
        try
        {
            if (Obstacle(path) is { } obstacle)
            {
                return new Unreadable(obstacle);
            }
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            // Not the length: what is no file of a disk has none, and no end.
            var bytes = new byte[maxBytes + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > maxBytes
                ? new Unreadable($"The file has {(file.Length > length ? file.Length.ToString(System.Globalization.CultureInfo.InvariantCulture) : "too many")} bytes. Allowed: at most {maxBytes}.")
                : Decode(bytes.AsSpan(0, length));
        }
        catch (UnauthorizedAccessException)
        {
            return new Unreadable($"The user '{Environment.UserName}' may not read this file. Change its owner or its rights, or run the program as another user.");
        }
        catch (IOException exception)
        {
            return new Unreadable($"The file cannot be read: {exception.Message}");
        }
    }

    /// <returns>Why there is no text at a place, or <c>null</c>.</returns>
    private static string? Obstacle(string path)
    {
        if (Directory.Exists(path))
        {
            return "This is a folder, not a file. Remove or rename it, and write a file of this name.";
        }
        if (FileKind.BrokenLink(path) is { } target)
        {
            return $"This is a link to '{target}', which leads to nothing. Point it at a file, or remove it.";
        }
        if (!File.Exists(path))
        {
            return "The file is missing.";
        }
        return FileKind.IsRegular(path) ? null : "This is a pipe, a device or a socket, not a file. Write a file instead.";
    }

    private static FileText Decode(ReadOnlySpan<byte> bytes)
    {
        (Encoding Encoding, int Mark) found = bytes switch
        {
            [0xEF, 0xBB, 0xBF, ..] => (Utf8, 3),
            [0xFF, 0xFE, 0, 0, ..] => (new UTF32Encoding(false, true, true), 4),
            [0xFF, 0xFE, ..] => (new UnicodeEncoding(false, true, true), 2),
            [0xFE, 0xFF, ..] => (new UnicodeEncoding(true, true, true), 2),
            _ => (Utf8, 0),
        };
        string text;
        try
        {
            text = found.Encoding.GetString(bytes[found.Mark..]);
        }
        catch (DecoderFallbackException exception)
        {
            var line = bytes[..Math.Min(bytes.Length, found.Mark + Math.Max(0, exception.Index))].Count((byte)'\n') + 1;
            return new Unreadable("This line is not UTF-8. Save the file as UTF-8.", line);
        }
        var nul = text.IndexOf('\0', StringComparison.Ordinal);
        return nul < 0 ? new Read(text) : new Unreadable(
            "There is a NUL character in this line: the file is no text, or UTF-16 without a byte order mark. Save it as UTF-8.", text.AsSpan(0, nul).Count('\n') + 1);
    }

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}

/// <summary>What stands at a path: opening a pipe to look would wait for whoever writes into it.</summary>
internal static class FileKind
{
    private const int TypeBits = 0xF000;
    private const int Regular = 0x8000;

    /// <summary>Links are followed. True also where it cannot be told.</summary>
    public static bool IsRegular(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return true;
        }
        try
        {
            return Stat(path, out var status) != 0 || (status.Mode & TypeBits) == Regular;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            return true;
        }
    }

    /// <returns>What a link says that leads nowhere or to itself; <c>null</c> for everything else.</returns>
    public static string? BrokenLink(string path)
    {
        if (new FileInfo(path).LinkTarget is not { } target)
        {
            return null;
        }
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true) is { Exists: true } ? null : target;
        }
        catch (IOException)
        {
            return target;
        }
    }

    /// <summary>Of the runtime's own library, which is there on every Unix and has the same record on each.</summary>
    [DllImport("libSystem.Native", EntryPoint = "SystemNative_Stat")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Stat([MarshalAs(UnmanagedType.LPUTF8Str)] string path, out FileStatus status);

    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private readonly struct FileStatus
    {
        public readonly int Flags;
        public readonly int Mode;
    }
}
