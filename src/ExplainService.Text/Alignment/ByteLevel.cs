using System.Text.RegularExpressions;
using ExplainService.Text.Patterns;
using ExplainService.Text.Splitters;

namespace ExplainService.Text.Alignment;

/// <summary>
/// The stand-ins of GPT-2 (Radford et al. 2019): every byte has a printable character, so that a vocabulary of text covers all of
/// UTF-8. The printable bytes stand for themselves, the others follow from U+0100.
/// </summary>
internal static partial class ByteLevel
{
    private static readonly char[] ToChar = BuildTable();
    private static readonly short[] ToByte = BuildInverse();

    /// <summary>GPT-2's splitter: contractions, letters, digits, other characters, and white space, each with a space before it.</summary>
    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    public static partial Regex Pattern { get; }

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

/// <summary>GPT-2's pre-tokenizer: perhaps a space in front, perhaps its pattern, then bytes as characters.</summary>
internal sealed class ByteLevelSplitter(bool addPrefixSpace, bool useRegex) : Splitter
{
    private readonly PatternSplitter pattern = new(new RegexPattern(ByteLevel.Pattern), SplitBehavior.Isolated);

    public override List<Piece> Split(List<Piece> pieces)
    {
        if (addPrefixSpace)
        {
            pieces = [.. pieces.Select(WithSpace)];
        }

        if (useRegex)
        {
            pieces = pattern.Split(pieces);
        }

        var total = 0;
        foreach (var piece in pieces)
        {
            total += piece.Length;
        }

        // One text for all pieces: a piece is then only a range of it.
        var bytes = new AlignedText(total + (total / 8));
        for (var i = 0; i < pieces.Count; i++)
        {
            if (!pieces[i].IsAdded)
            {
                var start = bytes.Length;
                ByteLevel.Append(pieces[i], bytes);
                pieces[i] = new Piece(bytes, start, bytes.Length - start);
            }
        }

        return pieces;
    }

    private static Piece WithSpace(Piece piece)
    {
        if (piece.IsAdded || piece.Length == 0 || piece.Span[0] == ' ')
        {
            return piece;
        }

        var text = Normalizers.PrependNormalizer.Prepend(piece, " ");
        return new Piece(text, 0, text.Length);
    }
}
