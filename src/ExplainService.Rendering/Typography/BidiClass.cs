using System.Globalization;
using System.Text;

namespace ExplainService.Rendering.Typography;

/// <summary>Classes of the Unicode bidirectional algorithm (UAX #9), as its rules call them.</summary>
internal enum BidiClass
{
    /// <summary>Letters that read from left to right.</summary>
    L,

    /// <summary>Letters that read from right to left.</summary>
    R,

    /// <summary>Letters of Arabic, after which digits count as Arabic.</summary>
    AL,

    /// <summary>Digits of Europe, and eastern digits of Arabic.</summary>
    EN,

    /// <summary>Signs of digits.</summary>
    ES,

    /// <summary>What stands beside digits: currency, per cent.</summary>
    ET,

    /// <summary>Digits of Arabic.</summary>
    AN,

    /// <summary>What separates digits.</summary>
    CS,

    /// <summary>Marks, which follow their letter.</summary>
    NSM,

    /// <summary>Ends of paragraphs and tabs, which keep the direction of the line.</summary>
    S,

    /// <summary>Space.</summary>
    WS,

    /// <summary>Everything else, which follows its neighbours.</summary>
    ON,
}

/// <summary>
/// The class of a character. .NET has no table of them; they follow from blocks and general categories but for the few that are listed.
/// </summary>
internal static class BidiClasses
{
    /// <summary>The class of a character.</summary>
    public static BidiClass Of(Rune rune)
    {
        var category = Rune.GetUnicodeCategory(rune);
        if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
        {
            return BidiClass.NSM;
        }

        // Joiners act on their letter alone.
        if (rune.Value is 0x200C or 0x200D or 0xFE0F)
        {
            return BidiClass.NSM;
        }

        return Listed(rune.Value) ?? OfScript(rune.Value, category) ?? OfCategory(rune.Value, category);
    }

    private static BidiClass? Listed(int rune) =>
        rune switch
        {
            '\t' or '\n' or '\r' or 0x0B or 0x1F or 0x85 or 0x2029 or (>= 0x1C and <= 0x1E) => BidiClass.S,
            0x0C or 0x2028 => BidiClass.WS,
            (>= '0' and <= '9')
            or 0xB2
            or 0xB3
            or 0xB9
            or (>= 0x06F0 and <= 0x06F9)
            or 0x2070
            or (>= 0x2074 and <= 0x2079)
            or (>= 0x2080 and <= 0x2089)
            or (>= 0x2488 and <= 0x249B)
            or (>= 0xFF10 and <= 0xFF19)
            or (>= 0x102E1 and <= 0x102FB)
            or (>= 0x1D7CE and <= 0x1D7FF)
            or (>= 0x1F100 and <= 0x1F10A)
            or (>= 0x1FBF0 and <= 0x1FBF9) => BidiClass.EN,
            '+' or '-' or 0x207A or 0x207B or 0x208A or 0x208B or 0x2212 or 0xFB29 or 0xFE62 or 0xFE63 or 0xFF0B or 0xFF0D => BidiClass.ES,
            ','
            or '.'
            or '/'
            or ':'
            or 0xA0
            or 0x060C
            or 0x202F
            or 0x2044
            or 0xFE50
            or 0xFE52
            or 0xFE55
            or 0xFF0C
            or 0xFF0E
            or 0xFF0F
            or 0xFF1A => BidiClass.CS,
            '#'
            or '%'
            or 0xB0
            or 0xB1
            or 0x0609
            or 0x060A
            or 0x066A
            or (>= 0x2030 and <= 0x2034)
            or 0x212E
            or 0x2213
            or 0xFE5F
            or 0xFE6A
            or 0xFF03
            or 0xFF05 => BidiClass.ET,
            (>= 0x0600 and <= 0x0605)
            or (>= 0x0660 and <= 0x0669)
            or 0x066B
            or 0x066C
            or 0x06DD
            or 0x0890
            or 0x0891
            or 0x08E2
            or (>= 0x10D30 and <= 0x10D39)
            or (>= 0x10E60 and <= 0x10E7E) => BidiClass.AN,
            _ => null,
        };

    /// <summary>Blocks of scripts that read from right to left; their punctuation that is no letter's is neutral.</summary>
    private static BidiClass? OfScript(int rune, UnicodeCategory category) =>
        rune switch
        {
            0x0606 or 0x0607 or 0x060E or 0x060F or 0x06DE or 0x06E9 or (>= 0x07F6 and <= 0x07F9) => BidiClass.ON,
            0x200F => BidiClass.R,
            0x061C => BidiClass.AL,
            0xFD3E or 0xFD3F or 0xFDCF or (>= 0xFD40 and <= 0xFD4F) or (>= 0xFDFD and <= 0xFDFF) => BidiClass.ON,
            (>= 0x0600 and <= 0x07BF)
            or (>= 0x0860 and <= 0x08FF)
            or (>= 0xFB50 and <= 0xFDFC)
            or (>= 0xFE70 and <= 0xFEFC)
            or (>= 0x10D00 and <= 0x10D3F)
            or (>= 0x10EC0 and <= 0x10EFF)
            or (>= 0x10F30 and <= 0x10F6F)
            or (>= 0x1EC70 and <= 0x1ECBF)
            or (>= 0x1ED00 and <= 0x1ED4F)
            or (>= 0x1EE00 and <= 0x1EEEF) => BidiClass.AL,
            (>= 0x0590 and <= 0x05FF) or (>= 0x07C0 and <= 0x085F) or (>= 0xFB1D and <= 0xFB4F) or (>= 0x10800 and <= 0x10FFF) =>
                BidiClass.R,
            >= 0x1E800 and <= 0x1EFFF when category != UnicodeCategory.MathSymbol => BidiClass.R,
            _ => null,
        };

    private static BidiClass OfCategory(int rune, UnicodeCategory category) =>
        category switch
        {
            UnicodeCategory.CurrencySymbol => BidiClass.ET,
            UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator => BidiClass.WS,
            UnicodeCategory.UppercaseLetter
            or UnicodeCategory.LowercaseLetter
            or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.OtherLetter
            or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.DecimalDigitNumber
            or UnicodeCategory.LetterNumber
            or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.Surrogate => BidiClass.L,

            // Modifier letters are letters, but for the tone marks among them.
            UnicodeCategory.ModifierLetter => rune is (>= 0x02B9 and <= 0x02BA) or (>= 0x02C6 and <= 0x02CF) or 0x02EC or 0x0374 or 0xA788
                ? BidiClass.ON
                : BidiClass.L,
            UnicodeCategory.OtherSymbol or UnicodeCategory.OtherNumber when IsLetterLike(rune) => BidiClass.L,
            _ => BidiClass.ON,
        };

    /// <summary>Symbols and numbers that are made of letters, or belong to a script that reads from left to right.</summary>
    private static bool IsLetterLike(int rune) =>
        rune
            is (>= 0x0900 and <= 0x0BEF)
                or (>= 0x0C80 and <= 0x139F)
                or (>= 0x1B00 and <= 0x1CFF)
                or (>= 0x2336 and <= 0x237A)
                or (>= 0x249C and <= 0x24E9)
                or (>= 0x2800 and <= 0x28FF)
                or (>= 0x3190 and <= 0x31BF)
                or (>= 0x3200 and <= 0x321C)
                or (>= 0x3220 and <= 0x324F)
                or (>= 0x3260 and <= 0x327B)
                or (>= 0x327F and <= 0x32B0)
                or (>= 0x32C0 and <= 0x32CB)
                or (>= 0x32D0 and <= 0x3376)
                or (>= 0x337B and <= 0x33DD)
                or (>= 0x33E0 and <= 0x33FE)
                or (>= 0x1D000 and <= 0x1D1E8)
                or (>= 0x1F110 and <= 0x1F12E)
                or (>= 0x1F130 and <= 0x1F169)
                or (>= 0x1F170 and <= 0x1F1AC)
                or (>= 0x1F1E6 and <= 0x1F202);
}
