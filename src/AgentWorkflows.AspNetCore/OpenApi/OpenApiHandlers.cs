using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace AgentWorkflows.AspNetCore.OpenApi;

internal static class OpenApiHandlers
{
    private static readonly Lazy<EntityTagHeaderValue> Tag = new(() => new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(OpenApiDocument.Bytes))[..16]}\""));

    /// <summary>The same for everybody, so it needs no key and says nothing of what is stored here.</summary>
    public static Task<IResult> GetAsync(HttpContext context) => Task.FromResult(Results.Bytes(OpenApiDocument.Bytes, "application/json", entityTag: Tag.Value));
}
