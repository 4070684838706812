using System.Text;

namespace AgentWorkflows.Screening;

/// <summary>
/// Folds letters that read alike to one. Done here, not by Unicode normalization: that does nothing where the program runs without globalization data. Pure; linear.
/// </summary>
internal static class PlainLetters
{
    private const string Accented =
        "ÀAÁAÂAÃAÄAÅAĀAĂAĄAàaáaâaãaäaåaāaăaąaÇCĆCČCçcćcčcĎDďdđdÈEÉEÊEËEĒEĘEĚEèeéeêeëeēeęeěeĞGğgÌIÍIÎIÏIİIìiíiîiïiīiıiŁLłlÑNŃNŇNñnńnňn"
        + "ÒOÓOÔOÕOÖOØOŐOòoóoôoõoöoøoőoŘRřrŚSŠSŞSśsšsşsŤTťtÙUÚUÛUÜUŰUŮUùuúuûuüuűuůuÝYýyÿyŹZŻZŽZźzżzžz’'‘'ʼ'“\"”\"«\"»\"…."
        + "ᴀaʙbᴄcᴅdᴇeꜰfɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpʀrꜱsᴛtᴜuᴠvᴡwʏyᴢzɡgɑa";

    /// <summary>Cyrillic, Greek and Armenian letters that look like Latin ones.</summary>
    private const string Similar =
        "аaеeоoрpсcуyхxіiѕsԁdԛqһhјjӏlԝwАAВBЕEКKМMНHОOРPСCТTХXІIЅSЈJαaοoνvρpιiκkτtυuΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXօoսuհhոn";

    private static readonly Dictionary<char, char> Plain = Pairs(Accented);
    private static readonly Dictionary<char, char> Latin = Pairs(Similar);

    public static string Of(Rune rune) => rune.Value switch
    {
        0xDF => "ss",
        0xE6 or 0xC6 => "ae",
        0x153 or 0x152 => "oe",
        0xA0 or 0x3000 or (>= 0x2000 and <= 0x200A) or 0x202F => " ",
        0x2028 or 0x2029 or 0x85 => "\n",
        // Full width.
        >= 0xFF01 and <= 0xFF5E => ((char)(rune.Value - 0xFF01 + '!')).ToString(),
        // Circled and squared letters.
        >= 0x24B6 and <= 0x24CF => ((char)(rune.Value - 0x24B6 + 'A')).ToString(),
        >= 0x24D0 and <= 0x24E9 => ((char)(rune.Value - 0x24D0 + 'a')).ToString(),
        >= 0x1F130 and <= 0x1F149 => ((char)(rune.Value - 0x1F130 + 'A')).ToString(),
        >= 0x1F150 and <= 0x1F169 => ((char)(rune.Value - 0x1F150 + 'A')).ToString(),
        >= 0x1F170 and <= 0x1F189 => ((char)(rune.Value - 0x1F170 + 'A')).ToString(),
        // Mathematical letters: thirteen alphabets of 26 capitals and 26 small ones, then the digits.
        >= 0x1D400 and <= 0x1D6A3 => Mathematical((rune.Value - 0x1D400) % 52),
        >= 0x1D7CE and <= 0x1D7FF => ((char)('0' + (rune.Value - 0x1D7CE) % 10)).ToString(),
        _ => rune.IsBmp && Plain.TryGetValue((char)rune.Value, out var plain) ? plain.ToString() : rune.ToString(),
    };

    /// <summary>Only words all of whose foreign letters look like Latin ones are changed: Russian and Greek stay what they are.</summary>
    public static string WithoutLookAlikes(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\u0370', '\u058F'))
        {
            return text;
        }
        var letters = text.ToCharArray();
        for (var start = 0; start < letters.Length;)
        {
            var end = start;
            var foreign = true;
            while (end < letters.Length && char.IsLetter(letters[end]))
            {
                foreign &= letters[end] < 0x80 || Latin.ContainsKey(letters[end]);
                end++;
            }
            for (var at = start; foreign && at < end; at++)
            {
                letters[at] = Latin.GetValueOrDefault(letters[at], letters[at]);
            }
            start = Math.Max(end, start + 1);
        }
        return new string(letters);
    }

    private static string Mathematical(int at) => ((char)(at < 26 ? 'A' + at : 'a' + at - 26)).ToString();

    private static Dictionary<char, char> Pairs(string pairs) => pairs.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
}
