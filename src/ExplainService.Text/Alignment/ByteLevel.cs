namespace ExplainService.Text.Alignment;

/// <summary>
/// The stand-ins of GPT-2 (Radford et al. 2019): every byte has a printable character, so that a vocabulary of text covers all of
/// UTF-8. The printable bytes stand for themselves, the others follow from U+0100.
/// </summary>
internal static class ByteLevel
{
    private static readonly char[] ToChar = BuildTable();
    private static readonly short[] ToByte = BuildInverse();

    /// <summary>The stand-in of the space.</summary>
    public const char Space = 'Ġ';

    /// <summary>The byte that a character stands for, or −1.</summary>
    public static int ByteOf(char value) => value < ToByte.Length ? ToByte[value] : -1;

    /// <summary>Appends the stand-ins of a piece; all bytes of a character share its range.</summary>
    public static void Append(Piece piece, AlignedText output)
    {
        Span<byte> bytes = stackalloc byte[4];
        var (text, end) = (piece.Text, piece.Start + piece.Length);
        for (var i = piece.Start; i < end; )
        {
            var (start, stop) = (text.StartAt(i), text.EndAt(i));
            if (char.IsAscii(text[i]))
            {
                output.Append(ToChar[text[i++]], start, stop);
                continue;
            }

            var rune = text.RuneAt(i);
            foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
            {
                output.Append(ToChar[value], start, stop);
            }

            i += rune.Utf16SequenceLength;
        }
    }

    private static char[] BuildTable()
    {
        var table = new char[256];
        var next = 0x100;
        for (var value = 0; value < 256; value++)
        {
            table[value] = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? (char)value : (char)next++;
        }

        return table;
    }

    private static short[] BuildInverse()
    {
        var inverse = new short[0x100 + 256];
        Array.Fill(inverse, (short)-1);
        for (var value = 0; value < 256; value++)
        {
            inverse[ToChar[value]] = (short)value;
        }

        return inverse;
    }
}
