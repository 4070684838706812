using System.Text.RegularExpressions;
using AgentWorkflows.Screening;
using AgentWorkflows.TestSupport;
using Xunit;

namespace AgentWorkflows.Tests.Guards.Screening;

/// <summary>What the product itself says passes its own redaction unchanged: advice about keys is no key.</summary>
public sealed partial class OwnWordsTests
{
    [Fact]
    public void NoTextOfTheProduct_IsTakenForASecret()
    {
        var texts = Sources().SelectMany(file => Literal().Matches(File.ReadAllText(file)).Select(match => (File: Path.GetFileName(file), Text: match.Groups[1].Value))).ToList();

        Assert.True(texts.Count > 1_000, $"Only {texts.Count} texts were found: the search is broken.");
        Assert.Empty(texts.Where(text => Redaction.Text(text.Text) != text.Text).Select(text => $"{text.File}: {text.Text}"));
    }

    [Theory]
    [InlineData("Send X-Api-Key: KEY.", true)]
    [InlineData("password = PASSWORD, or none", true)]
    [InlineData("X-Api-Key: KEYSTONE-7731", false)]
    [InlineData("X-Api-Key: key1", false)]
    [InlineData("client_secret=SECRET7", false)]
    public void OnlyAPlaceholder_IsLeft(string text, bool left) => Assert.Equal(left, Redaction.Text(text) == text);

    /// <summary>The rules of screening themselves hold examples of what they look for.</summary>
    private static IEnumerable<string> Sources() => Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or "Screening"));

    [GeneratedRegex("\"((?:[^\"\\\\\n]|\\\\.)*)\"")]
    private static partial Regex Literal();
}
