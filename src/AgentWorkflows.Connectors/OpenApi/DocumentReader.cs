using System.Text;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Microsoft.OpenApi.YamlReader;

namespace AgentWorkflows.Connectors.OpenApi;

/// <summary>A document, or what is wrong with it.</summary>
internal abstract record DocumentReading
{
    public sealed record Read(OpenApiDocument Document) : DocumentReading;

    public sealed record Wrong(string Why) : DocumentReading;
}

/// <summary>Reads a document as text: nothing it refers to outside of itself is fetched. Bounded. Pure.</summary>
internal static class DocumentReader
{
    public const int MaxBytes = 32 * 1024 * 1024;

    public static DocumentReading Read(byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        try
        {
            using var stream = new MemoryStream(content);
            var settings = new OpenApiReaderSettings { LoadExternalRefs = false, RuleSet = ValidationRuleSet.GetEmptyRuleSet() };
            settings.AddYamlReader(new OpenApiYamlReaderSettings { MaxInputByteCount = MaxBytes });
            var result = OpenApiModelFactory.Load(stream, IsJson(content) ? "json" : "yaml", settings);
            if (result.Document is not { Paths: not null } document)
            {
                return new DocumentReading.Wrong($"It is no OpenAPI document. {result.Diagnostic?.Errors.FirstOrDefault()?.Message}".TrimEnd());
            }
            return result.Diagnostic?.SpecificationVersion is OpenApiSpecVersion.OpenApi2_0
                ? new DocumentReading.Wrong("It is Swagger 2.0. Allowed: OpenAPI 3.0 and 3.1; converters are at hand for both.")
                : new DocumentReading.Read(document);
        }
#pragma warning disable CA1031 // Whatever a document makes its reader throw, the document is wrong; the host goes on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new DocumentReading.Wrong($"It cannot be read: {Line(exception.Message)}");
        }
    }

    private static bool IsJson(byte[] content) => Encoding.UTF8.GetString(content.AsSpan(0, Math.Min(content.Length, 200))).TrimStart('\uFEFF', ' ', '\r', '\n', '\t').StartsWith('{');

    private static string Line(string text) => text.ReplaceLineEndings(" ") is var line && line.Length <= 300 ? line : line[..300] + "…";
}
