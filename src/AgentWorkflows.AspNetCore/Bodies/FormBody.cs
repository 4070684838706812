using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace AgentWorkflows.AspNetCore.Bodies;

/// <summary>Takes a submitted form off a request, bounded like any other body.</summary>
internal static class FormBody
{
    private const int MaxFields = 200;

    /// <returns>The last value of each name; <c>null</c> instead of it all when there is too much.</returns>
    public static async Task<Func<string, string?>?> ReadAsync(HttpContext context)
    {
        if (await RequestBody.ReadBytesAsync(context.Request.Body, context.Request.ContentLength, context.RequestAborted) is not { } bytes)
        {
            return null;
        }
        try
        {
            using var reader = new FormReader(Encoding.UTF8.GetString(bytes)) { ValueCountLimit = MaxFields };
            var form = reader.ReadForm();
            return name => form.TryGetValue(name, out var values) && values.Count > 0 ? values[^1] : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
