using System.Globalization;
using System.Text;
using AgentWorkflows.Screening;

namespace AgentWorkflows.Words;

/// <summary>
/// The one spelling of a name of somebody: users, approvers, owners of keys. What looks the same is the same person: case, width and style of letters, composed and decomposed
/// accents, blanks and characters that show nothing make no difference (Unicode's NFKC with case folding). What is not known to have one spelling is refused, not guessed.
/// Done here, not by Unicode normalization: that does nothing where the program runs without globalization data. Pure; linear.
/// </summary>
internal static class PersonName
{
    public const int MaxLength = 200;

    /// <summary>What is wrong with a name that <see cref="Normalize"/> refuses, for a person.</summary>
    public const string Refusal = "This is no name that can be told from others: use letters, digits, punctuation and single blanks, without control characters and lone accents.";

    /// <returns><c>null</c>: nothing to see is in it, or something that may be spelt in more than one way.</returns>
    public static string? Normalize(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var spelt = new StringBuilder(name.Length);
        var blank = false;
        for (var at = 0; at < name.Length;)
        {
            if (!Rune.TryGetRuneAt(name, at, out var rune))
            {
                return null;
            }
            at += rune.Utf16SequenceLength;
            if (IsBlank(rune))
            {
                blank = spelt.Length > 0;
                continue;
            }
            if (VisibleText.ShowsNothing(rune))
            {
                continue;
            }
            if (blank)
            {
                spelt.Append(' ');
                blank = false;
            }
            if (!TryAdd(spelt, rune))
            {
                return null;
            }
        }
        return spelt.Length is 0 or > MaxLength ? null : spelt.ToString();
    }

    /// <summary>False when either has no one spelling.</summary>
    public static bool Same(string one, string other) => Normalize(one) is { } spelt && spelt == Normalize(other);

    /// <summary>True of text that shows something.</summary>
    public static bool ShowsSomething(string? text) =>
        text is not null && text.EnumerateRunes().Any(rune => !IsBlank(rune) && !VisibleText.ShowsNothing(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.Control);

    private static bool TryAdd(StringBuilder spelt, Rune rune)
    {
        if (rune.IsBmp && Composed.TryGetValue((char)rune.Value, out var marked))
        {
            // An accent by itself belongs to the letter before it.
            if (spelt.Length == 0 || !marked.TryGetValue(spelt[^1], out var letter))
            {
                return false;
            }
            spelt[^1] = letter;
            return true;
        }
        if (rune.IsBmp && Folded.TryGetValue((char)rune.Value, out var folded))
        {
            spelt.Append(folded);
            return true;
        }
        if (IsStyled(rune))
        {
            spelt.Append(PlainLetters.Of(rune).ToLowerInvariant());
            return true;
        }
        var small = Rune.ToLowerInvariant(rune);
        if (!HasOneSpelling(rune) || !HasOneSpelling(small))
        {
            return false;
        }
        spelt.Append(small.ToString());
        return true;
    }

    /// <summary>Letters and digits in another width or style.</summary>
    private static bool IsStyled(Rune rune) => rune.Value is
        (>= 0xFF01 and <= 0xFF5E) or (>= 0x24B6 and <= 0x24E9) or (>= 0x1D400 and <= 0x1D6A3) or (>= 0x1D7CE and <= 0x1D7FF)
        or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189);

    private static bool HasOneSpelling(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.EnclosingMark or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate)
        && rune.Value is not ((>= 0x0132 and <= 0x0133) or (>= 0x013F and <= 0x0140) or 0x0149 or (>= 0x01C4 and <= 0x01CC) or (>= 0x01F1 and <= 0x01F3)
            or (>= 0x02B0 and <= 0x02B8) or (>= 0x02D8 and <= 0x02E4) or (>= 0x03D0 and <= 0x03D6) or (>= 0x03F0 and <= 0x03F9) or (>= 0x1100 and <= 0x11FF) or (>= 0x1D2C and <= 0x1D6A) or (>= 0x1D78 and <= 0x1DBF)
            or (>= 0x1F00 and <= 0x1FFF) or (>= 0x2070 and <= 0x209F) or (>= 0x2100 and <= 0x218F) or (>= 0x2460 and <= 0x24FF) or (>= 0x2C60 and <= 0x2C7F)
            or (>= 0x2E80 and <= 0x2FDF) or (>= 0x3130 and <= 0x318F) or (>= 0x3190 and <= 0x33FF) or (>= 0xA69C and <= 0xA69D) or (>= 0xF900 and <= 0xFDFF)
            or (>= 0xFE10 and <= 0xFFEF) or (>= 0x1D400 and <= 0x1D7FF) or (>= 0x1EE00 and <= 0x1EEFF) or (>= 0x1F100 and <= 0x1F2FF) or (>= 0x2F800 and <= 0x2FA1F));

    private static bool IsBlank(Rune rune) => rune.Value is '\t' or '\n' or '\r' or 0x85 || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator || rune.Value == VisibleText.BrailleBlank;

    private static readonly Dictionary<char, string> Folded = new()
    {
        ['ß'] = "ss",
        ['\u1E9E'] = "ss",
        ['ſ'] = "s",
        ['ς'] = "σ",
        ['İ'] = "i",
        ['µ'] = "μ",
        ['\u212A'] = "k",
        ['\u212B'] = "å",
        ['\u2126'] = "ω",
        ['ª'] = "a",
        ['º'] = "o",
        ['¹'] = "1",
        ['²'] = "2",
        ['³'] = "3",
        ['\uFB00'] = "ff",
        ['\uFB01'] = "fi",
        ['\uFB02'] = "fl",
        ['\uFB03'] = "ffi",
        ['\uFB04'] = "ffl",
        ['\uFB05'] = "st",
        ['\uFB06'] = "st",
    };

    /// <summary>Accents, and the letters that they make of others: Unicode's compositions of small Latin, Greek and Cyrillic letters.</summary>
    private static readonly Dictionary<char, Dictionary<char, char>> Composed = new (char Mark, string Letters)[]
    {
        ('\u0300', "aàeèiìoòuùüǜnǹеѐиѝēḕōṑwẁâầăằêềôồơờưừyỳ"),
        ('\u0301', "aáeéiíoóuúyýcćlĺnńrŕsśzźüǘgǵåǻæǽøǿ¨΅ϊΐαάεέηήιίϋΰοόυύωώϒϓгѓкќçḉēḗïḯkḱmḿõṍōṓpṕũṹwẃâấăắêếôốơớưứ"),
        ('\u0302', "aâeêiîoôuûcĉgĝhĥjĵsŝwŵyŷzẑạậẹệọộ"),
        ('\u0303', "aãnñoõiĩuũvṽâẫăẵeẽêễôỗơỡưữyỹ"),
        ('\u0304', "aāeēiīoōuūüǖäǟȧǡæǣǫǭöȫõȭȯȱyȳиӣуӯgḡḷḹṛṝ"),
        ('\u0306', "aăeĕgğiĭoŏuŭийуўжӂаӑеӗȩḝạặ"),
        ('\u0307', "cċeėgġzżaȧoȯbḃdḋfḟhḣmṁnṅpṗrṙsṡśṥšṧṣṩtṫwẇxẋyẏſẛ"),
        ('\u0308', "aäeëiïoöuüyÿιϊυϋϒϔеёіїаӓәӛжӝзӟиӥоӧөӫэӭуӱчӵыӹhḧõṏūṻwẅxẍtẗ"),
        ('\u0309', "aảâẩăẳeẻêểiỉoỏôổơởuủưửyỷ"),
        ('\u030A', "aåuůwẘyẙ"),
        ('\u030B', "oőuűуӳ"),
        ('\u030C', "cčdďeělľnňrřsštťzžaǎiǐoǒuǔüǚgǧkǩʒǯjǰhȟ"),
        ('\u030F', "aȁeȅiȉoȍrȑuȕѵѷ"),
        ('\u0311', "aȃeȇiȋoȏrȓuȗ"),
        ('\u031B', "oơuư"),
        ('\u0323', "bḅdḍhḥkḳlḷmṃnṇrṛsṣtṭvṿwẉzẓaạeẹiịoọơợuụưựyỵ"),
        ('\u0324', "uṳ"),
        ('\u0325', "aḁ"),
        ('\u0326', "sștț"),
        ('\u0327', "cçgģkķlļnņrŗsştţeȩdḑhḩ"),
        ('\u0328', "aąeęiįuųoǫ"),
        ('\u032D', "dḓeḙlḽnṋtṱuṷ"),
        ('\u032E', "hḫ"),
        ('\u0330', "eḛiḭuṵ"),
        ('\u0331', "bḇdḏkḵlḻnṉrṟtṯzẕhẖ"),
    }.ToDictionary(accent => accent.Mark, accent => accent.Letters.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]));
}
