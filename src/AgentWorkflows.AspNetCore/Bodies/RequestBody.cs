using System.Text.Json;
using AgentWorkflows.AspNetCore.Problems;
using AgentWorkflows.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace AgentWorkflows.AspNetCore.Bodies;

/// <summary>Takes a JSON body off a request: media type, size and syntax. What it means is for <see cref="BodyReader"/>.</summary>
internal static class RequestBody
{
    public const int MaxBytes = 64 * 1024;
    private const int MaxDepth = 32;

    public static Problem TooLarge =>
        Problem.Of(StatusCodes.Status413PayloadTooLarge, "body_too_large", $"A request body may have at most {MaxBytes / 1024} KiB.");

    /// <param name="optional">No body at all reads as an empty object.</param>
    public static async Task<BodyResult> ReadAsync(HttpContext context, bool optional = false)
    {
        var bytes = await ReadBytesAsync(context.Request.Body, context.Request.ContentLength, context.RequestAborted);
        if (bytes is null)
        {
            return new BodyResult.Refused(TooLarge);
        }
        if (optional && bytes.Length == 0)
        {
            return new BodyResult.Read(JsonElement.Parse("{}"));
        }
        if (!IsJson(context.Request.ContentType))
        {
            return new BodyResult.Refused(Problem.Of(
                StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "Send the body as Content-Type: application/json, in UTF-8."));
        }
        return Parse(bytes);
    }

    private static BodyResult Parse(byte[] bytes)
    {
        try
        {
            return new BodyResult.Read(JsonElement.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxDepth }));
        }
        catch (JsonException exception)
        {
            // Both count from zero; editors count from one.
            var line = (exception.LineNumber ?? 0) + 1;
            var position = (exception.BytePositionInLine ?? 0) + 1;
            var message = $"The body is not valid JSON: line {line}, position {position}.";
            return new BodyResult.Refused(Problem.Of(StatusCodes.Status400BadRequest, "malformed_json", message)
                .With("line", line).With("position", position)
                .WithErrors([new RequestProblem("malformed_json", "$", $"Line {line}, position {position}; nested at most {MaxDepth} deep.")]));
        }
    }

    /// <returns><c>null</c> when there is more than <see cref="MaxBytes"/>, whatever the header says.</returns>
    internal static async Task<byte[]?> ReadBytesAsync(Stream body, long? announced, CancellationToken cancellationToken)
    {
        if (announced > MaxBytes)
        {
            return null;
        }
        var buffer = new byte[MaxBytes + 1];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length > MaxBytes ? null : buffer[..length];
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));
}

/// <summary>A body as JSON, or the answer that refuses it.</summary>
internal abstract record BodyResult
{
    internal sealed record Read(JsonElement Json) : BodyResult;

    internal sealed record Refused(Problem Problem) : BodyResult;
}
