using System.Text.Json;
using AgentWorkflows.Approvals;
using AgentWorkflows.Screening;
using AgentWorkflows.Sessions;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Tests.Words;

/// <summary>Who is who. The rows are Unicode's own: NFKC with case folding, without characters that show nothing.</summary>
public sealed class PersonNameTests
{
    [Theory]
    [InlineData("ann@example.com", "Ann@Example.COM")]
    [InlineData("ann", "  ann\t")]
    [InlineData("ann", "a\u200Bn\u200Dn")]
    [InlineData("ann", "\uFEFFann")]
    [InlineData("ann", "a\u00ADnn")]
    [InlineData("ann", "\u202Eann\u202C")]
    [InlineData("ann", "a\u034Fn\u3164n")]
    [InlineData("ann", "ann\U000E0041")]
    [InlineData("ann", "an\uFE0Fn")]
    [InlineData("ann", "\uFF21\uFF4E\uFF4E")]
    [InlineData("ann", "\U0001D41A\U0001D427\U0001D427")]
    [InlineData("ann", "\u24D0\u24DD\u24DD")]
    [InlineData("ann lee", "Ann \u3000\u00A0 Lee")]
    [InlineData("jos\u00E9", "JOSE\u0301")]
    [InlineData("jos\u00E9", "JOS\u00C9")]
    [InlineData("nguy\u1EC5n", "nguye\u0302\u0303n")]
    [InlineData("\u0439\u043E\u0434", "\u0418\u0306\u043E\u0434")]
    [InlineData("strasse", "Stra\u00DFe")]
    [InlineData("file", "\uFB01le")]
    [InlineData("k", "\u212A")]
    [InlineData("\u03C3", "\u03C2")]
    [InlineData("user7", "user\uFF17")]
    public void Spellings_of_one_name_are_one_person(string name, string other)
    {
        Assert.Equal(name, PersonName.Normalize(other));
        Assert.Equal(name, PersonName.Normalize(name));
        Assert.True(PersonName.Same(name, other));
        Assert.True(Approver.Same(name, other));
        Assert.Equal(name, StartRequestRules.UserOf(JsonSerializer.SerializeToElement(new { user_id = other })));
    }

    [Theory]
    [InlineData("ann", "anna")]
    [InlineData("jose", "jos\u00E9")]
    [InlineData("ann", "\u0430nn")]
    [InlineData("a b", "ab")]
    [InlineData("mu\u00F1oz", "munoz")]
    public void Different_names_stay_different_people(string name, string other) => Assert.False(PersonName.Same(name, other));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\u200B\u2060\u3164")]
    [InlineData("ann\0")]
    [InlineData("a\u001Bnn")]
    [InlineData("\u0301ann")]
    [InlineData("x\u0301nn")]
    [InlineData("a\u0336nn")]
    [InlineData("\uFDFA")]
    [InlineData("\u3300")]
    [InlineData("ann\uE000")]
    public void A_name_without_one_spelling_is_refused_and_nobodys(string name)
    {
        Assert.Null(PersonName.Normalize(name));
        Assert.False(PersonName.Same(name, name));
    }

    [Fact]
    public void Half_a_character_is_refused() => Assert.Null(PersonName.Normalize(new string([(char)0xD800, 'a'])));

    [Fact]
    public void A_spelling_is_its_own_spelling()
    {
        for (var value = 1; value < 0x3000; value++)
        {
            if (System.Text.Rune.IsValid(value) && PersonName.Normalize("a" + new System.Text.Rune(value)) is { } spelt)
            {
                Assert.Equal(spelt, PersonName.Normalize(spelt));
            }
        }
    }

    [Theory]
    [InlineData("\u200B\u200B", false)]
    [InlineData(" \u3164\u2800\0", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("\u200Ba", true)]
    [InlineData("\u05E9", true)]
    [InlineData("🚀", true)]
    public void Text_that_shows_nothing_is_told_from_text_that_does(string? text, bool shows) => Assert.Equal(shows, PersonName.ShowsSomething(text));

    [Theory]
    [InlineData("1042", "1042")]
    [InlineData("10\u202E42", "10\\u202E42")]
    [InlineData("a\u200Bb\u00ADc", "a\\u200Bb\\u00ADc")]
    [InlineData("\u3164\u2800", "\\u3164\\u2800")]
    [InlineData("x\U000E0041", "x\\uE0041")]
    [InlineData("a\0b", "a\\u0000b")]
    [InlineData("line\nline", "line\nline")]
    [InlineData("⚠️ שלום", "⚠️ שלום")]
    public void Deceptive_characters_are_written_out_where_people_decide(string text, string shown) => Assert.Equal(shown, VisibleText.Of(text));
}
