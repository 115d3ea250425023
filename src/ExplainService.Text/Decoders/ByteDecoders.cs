using System.Globalization;
using ExplainService.Text.Alignment;

namespace ExplainService.Text.Decoders;

/// <summary>All tokens are one text: nothing may be put between them any more.</summary>
internal sealed class FuseDecoder : IDecoder
{
    public List<string> Decode(List<string> tokens) => [string.Concat(tokens)];
}

/// <summary>Byte stand-ins back to UTF-8; what is not valid becomes U+FFFD.</summary>
internal sealed class ByteLevelDecoder : IDecoder
{
    public List<string> Decode(List<string> tokens)
    {
        List<byte> bytes = [];
        foreach (var token in tokens)
        {
            // A token with any other character never came from bytes: it is taken as text.
            if (token.Any(unit => ByteLevel.ByteOf(unit) < 0))
            {
                bytes.AddRange(System.Text.Encoding.UTF8.GetBytes(token));
            }
            else
            {
                bytes.AddRange(token.Select(unit => (byte)ByteLevel.ByteOf(unit)));
            }
        }

        return [System.Text.Encoding.UTF8.GetString([.. bytes])];
    }
}

/// <summary>Tokens such as <c>&lt;0xE2&gt;</c> in a row back to text; invalid ones become one U+FFFD each.</summary>
internal sealed class ByteFallbackDecoder : IDecoder
{
    private static readonly System.Text.UTF8Encoding Strict = new(false, true);

    public List<string> Decode(List<string> tokens)
    {
        List<string> result = [];
        List<byte> bytes = [];
        foreach (var token in tokens)
        {
            if (
                token.Length == 6
                && token.StartsWith("<0x", StringComparison.Ordinal)
                && token[5] == '>'
                && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            )
            {
                bytes.Add(value);
                continue;
            }

            Flush();
            result.Add(token);
        }

        Flush();
        return result;

        void Flush()
        {
            try
            {
                result.Add(Strict.GetString([.. bytes]));
            }
            catch (System.Text.DecoderFallbackException)
            {
                result.AddRange(Enumerable.Repeat("\uFFFD", bytes.Count));
            }

            bytes.Clear();
        }
    }
}
