using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using ExplainService.Text.Alignment;

namespace ExplainService.Text.Normalizers;

/// <summary>
/// SentencePiece's compiled normalisation rules (<c>precompiled_charsmap</c>): a double-array trie (Aoe 1989, as Darts-clone packs it)
/// from UTF-8 to positions in a block of replacements that end with a zero byte.
/// </summary>
internal sealed class CharsMapNormalizer : INormalizer
{
    private const int MaxClusterLength = 6;
    private readonly uint[] trie;
    private readonly byte[] replacements;
    private readonly string?[] cached = new string?[char.MaxValue + 1];

    /// <exception cref="TokenizerFormatException">The map is truncated.</exception>
    public CharsMapNormalizer(ReadOnlySpan<byte> map)
    {
        var size = map.Length < 4 ? -1L : BinaryPrimitives.ReadUInt32LittleEndian(map);
        if (size < 4 || size % 4 != 0 || size > map.Length - 4)
        {
            throw new TokenizerFormatException("The tokenizer's precompiled_charsmap is truncated.");
        }

        trie = new uint[size / 4];
        for (var i = 0; i < trie.Length; i++)
        {
            trie[i] = BinaryPrimitives.ReadUInt32LittleEndian(map[(4 + (i * 4))..]);
        }

        replacements = map[(4 + (int)size)..].ToArray();
    }

    public AlignedText Normalize(AlignedText text)
    {
        var span = text.Span;
        List<(Rune Value, int Change)> changes = new(span.Length);
        var modified = false;
        for (int i = 0, read = 0; i < span.Length; read++)
        {
            TextWork.Check(read);
            // Two plain ASCII characters in a row are two clusters; only the last may still take a mark.
            var length =
                i + 1 < span.Length && char.IsAscii(span[i]) && char.IsAscii(span[i + 1]) && span[i] != '\r'
                    ? 1
                    : StringInfo.GetNextTextElementLength(span[i..]);
            var cluster = span.Slice(i, length);
            if (System.Text.Encoding.UTF8.GetByteCount(cluster) < MaxClusterLength && Lookup(cluster) is { } whole)
            {
                Replace(cluster, whole);
            }
            else
            {
                for (var j = 0; j < length; )
                {
                    var part = cluster.Slice(j, text.RuneLength(i + j));
                    if (Lookup(part) is { } replacement)
                    {
                        Replace(part, replacement);
                    }
                    else
                    {
                        changes.Add((text.RuneAt(i + j), 0));
                    }

                    j += part.Length;
                }
            }

            i += length;
        }

        return modified ? text.Transform(changes) : text;

        void Replace(ReadOnlySpan<char> old, string replacement)
        {
            modified = true;
            var (before, after) = (CountRunes(old), 0);
            foreach (var rune in replacement.EnumerateRunes())
            {
                changes.Add((rune, after++ < before ? 0 : 1));
            }

            // Whatever came last also stands for what was removed; at the very start there is nothing, and Hugging Face drops it.
            if (after < before && changes.Count > 0)
            {
                changes[^1] = (changes[^1].Value, changes[^1].Change + after - before);
            }
        }
    }

    private static int CountRunes(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var unused in text.EnumerateRunes())
        {
            count++;
        }

        return count;
    }

    /// <summary>The replacement of the shortest prefix that has one (not the longest: models were trained with it so).</summary>
    private string? Lookup(ReadOnlySpan<char> text)
    {
        if (text.Length > 1)
        {
            return Search(text);
        }

        // The empty string is a replacement too, so that "none" needs a mark of its own.
        var found = cached[text[0]] ??= Search(text) ?? "\0";
        return found == "\0" ? null : found;
    }

    private string? Search(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[MaxClusterLength];
        var count = System.Text.Encoding.UTF8.GetBytes(text, bytes);
        var position = Offset(trie[0]);
        foreach (var value in bytes[..count])
        {
            if (value == 0)
            {
                break;
            }

            position ^= value;
            if (position >= trie.Length || (trie[position] & 0x800000FF) != value)
            {
                return null;
            }

            var unit = trie[position];
            position ^= Offset(unit);
            if (((unit >> 8) & 1) == 1)
            {
                return position < trie.Length ? ReadReplacement((int)(trie[position] & 0x7FFFFFFF)) : null;
            }
        }

        return null;
    }

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & (1 << 9)) >> 6);

    private string? ReadReplacement(int start)
    {
        if (start >= replacements.Length)
        {
            return null;
        }

        var rest = replacements.AsSpan(start);
        var end = rest.IndexOf((byte)0);
        return System.Text.Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }
}
