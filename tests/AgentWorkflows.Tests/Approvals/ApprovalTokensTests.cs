using System.Buffers.Text;
using System.Text;
using AgentWorkflows.Approvals.Links;
using Xunit;

namespace AgentWorkflows.Tests.Approvals;

public sealed class ApprovalTokensTests
{
    private static readonly ApprovalToken Token = new(
        "s-r6mxtgq2e6wp8uy8.2.refund", string.Concat(Enumerable.Repeat("0a1b2c3d", 8)), "ann@example.com",
        AllowedDecisions.Approve | AllowedDecisions.Reject | AllowedDecisions.Edit, new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero).AddTicks(1));

    private static readonly ApprovalKey Old = new("2025", Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());
    private static readonly ApprovalKey New = new("2026", Enumerable.Range(32, 32).Select(i => (byte)i).ToArray());

    [Fact]
    public void WhatWasIssued_IsVerifiedWithEverythingInIt() => Assert.Equal(Token, Tokens(New).Verify(Tokens(New).Issue(Token)));

    [Fact]
    public void EveryFlippedBit_OfTheTextAndOfTheBytes_IsRefused()
    {
        var tokens = Tokens(New, Old);
        var text = tokens.Issue(Token);
        var bytes = Base64Url.DecodeFromChars(text);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(tokens.Verify(Base64Url.EncodeToString(flipped)));
        }
        for (var bit = 0; bit < text.Length * 16; bit++)
        {
            var flipped = text.ToCharArray();
            flipped[bit / 16] ^= (char)(1 << (bit % 16));
            Assert.Null(tokens.Verify(new string(flipped)));
        }
    }

    [Fact]
    public void EveryTruncation_EveryCharacterAddedAndEveryOtherSpelling_IsRefused()
    {
        var tokens = Tokens(New);
        var text = tokens.Issue(Token);
        for (var length = 0; length < text.Length; length++)
        {
            Assert.Null(tokens.Verify(text[..length]));
            Assert.Null(tokens.Verify(text[(length + 1)..]));
        }
        string[] others = [text + "A", text + "=", text + "==", "A" + text, " " + text, text + "\n", text.Insert(5, " "), text.Insert(5, "\n"), text.ToUpperInvariant()];
        Assert.All(others, other => Assert.Null(tokens.Verify(other)));
    }

    [Fact]
    public void Base64WithBitsLeftOver_HasOneSpellingOnly()
    {
        // Lengths at which the last character carries unused bits: a decoder that ignores them would take several texts for one token.
        var tokens = Tokens(New);
        foreach (var approver in new[] { "a", "ab", "abc" })
        {
            var text = tokens.Issue(Token with { Approver = approver });
            var others = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".Where(c => c != text[^1]).Select(c => text[..^1] + c);
            Assert.All(others, other => Assert.Null(tokens.Verify(other)));
            Assert.NotNull(tokens.Verify(text));
        }
    }

    [Fact]
    public void RotatedKeys_VerifyWhileTheyAreInForceAndNoLonger()
    {
        var signedWithOld = Tokens(Old).Issue(Token);

        Assert.NotNull(Tokens(New, Old).Verify(signedWithOld));
        Assert.Null(Tokens(New).Verify(signedWithOld));
        Assert.Null(Tokens(New with { Id = Old.Id }).Verify(signedWithOld));
        Assert.NotEqual(signedWithOld, Tokens(New, Old).Issue(Token));
    }

    [Fact]
    public void PartsOfTwoTokens_MakeNoThird()
    {
        var tokens = Tokens(New);
        var one = Base64Url.DecodeFromChars(tokens.Issue(Token));
        var other = Base64Url.DecodeFromChars(tokens.Issue(Token with { ApprovalId = "s-r6mxtgq2e6wp8uy8.3.refund" }));
        for (var cut = 1; cut < one.Length; cut++)
        {
            var mixed = Base64Url.EncodeToString([.. one[..cut], .. other[cut..]]);
            if (!one.AsSpan(0, cut).SequenceEqual(other.AsSpan(0, cut)) && !one.AsSpan(cut).SequenceEqual(other.AsSpan(cut)))
            {
                Assert.Null(tokens.Verify(mixed));
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("%")]
    [InlineData("🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Garbage_IsRefused(string? garbage) => Assert.Null(Tokens(New).Verify(garbage));

    [Fact]
    public void WhatIsTooLong_IsRefused() => Assert.Null(Tokens(New).Verify(new string('A', 100_000)));

    [Fact]
    public void TheCode_BelongsToOneTokenAndIsNotToBeReadFromIt()
    {
        var tokens = Tokens(New);
        var text = tokens.Issue(Token);
        var code = tokens.CodeOf(text);

        Assert.Matches("^[A-HJ-KM-NP-Z2-9]{3}-[A-HJ-KM-NP-Z2-9]{3}$", code);
        Assert.True(tokens.IsCodeOf(text, code));
        Assert.True(tokens.IsCodeOf(text, $" {code.Replace("-", " ", StringComparison.Ordinal).ToLowerInvariant()} "));
        Assert.DoesNotContain(code.Replace("-", "", StringComparison.Ordinal), text, StringComparison.OrdinalIgnoreCase);
        var other = tokens.Issue(Token with { Approver = "bo@example.com" });
        Assert.False(tokens.IsCodeOf(other, code));
        Assert.NotEqual(code, tokens.CodeOf(other));
        Assert.All((string?[])[null, "", "AAA-AAA", code + "A", code[..^1], new string('A', 1000)], wrong => Assert.False(tokens.IsCodeOf(text, wrong)));
    }

    [Theory]
    [InlineData("", "Key 1 must be ID:BASE64")]
    [InlineData("one", "Key 1 must be ID:BASE64")]
    [InlineData("a b:QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=", "Key 1 must be ID:BASE64")]
    [InlineData("a:QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=,b:not base64", "Key 2 must have 32 to 128 random bytes")]
    [InlineData("a:QUFB", "Key 1 must have 32 to 128 random bytes")]
    [InlineData("a:QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=,a:QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUI=", "Two keys have the same id.")]
    public void KeysThatCannotBeUsed_AreNamedByPlaceAndNeverRepeated(string text, string problem)
    {
        var (ring, told) = ApprovalKeyRing.Parse(text);

        Assert.Null(ring);
        Assert.StartsWith(problem, told, StringComparison.Ordinal);
        Assert.DoesNotContain("QUFB", told, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_AreReadInTheirOrder()
    {
        var secret = Convert.ToBase64String(Encoding.ASCII.GetBytes(new string('k', 64)));

        var ring = ApprovalKeyRing.Parse($"2026:{secret}, 2025:{secret}").Ring!;

        Assert.Equal(["2026", "2025"], ring.Keys.Select(key => key.Id));
        Assert.All(ring.Keys, key => Assert.Equal(64, key.Secret.Length));
    }

    private static ApprovalTokens Tokens(params ApprovalKey[] keys) => new(new ApprovalKeyRing(keys));
}
